import type { Context } from "hono";

/** More would crowd the answer's head; all of them come with `POST /manifests/check`. */
const WARNINGS_MAX = 20;

/** Sends what is to be remarked as `X-Coop-Warning` headers, one line of Latin-1 each (RFC 9110 §5.5). */
export function warnOf(c: Context, warnings: readonly string[]): void {
  for (const warning of warnings.slice(0, WARNINGS_MAX)) {
    c.header("X-Coop-Warning", warning.replace(/[^\x20-\x7e]/g, "?").slice(0, 500), { append: true });
  }
}
