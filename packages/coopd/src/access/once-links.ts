import { createHash } from "node:crypto";
import type { Actor } from "./actor.ts";
import { makeSecret } from "./farm-token.ts";

/** Long enough to read it off a terminal and open it, ms. */
export const LINK_MS = 10 * 60_000;
/** Links that wait to be opened; beyond, the oldest makes way. */
const LINKS_MAX = 100;

/** Links that log a browser in, once, in the name of whoever asked for them. They do not survive a restart. */
export class OnceLinks {
  readonly #links = new Map<string, { readonly actor: Actor; readonly untilMs: number }>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @returns the secret part of the link */
  make(actor: Actor): string {
    if (this.#links.size >= LINKS_MAX) this.#links.delete(this.#links.keys().next().value ?? "");
    const secret = makeSecret("once");
    this.#links.set(digestOf(secret), { actor, untilMs: this.#nowMs() + LINK_MS });
    return secret;
  }

  /** Whoever made the link; it opens nothing a second time. */
  take(secret: string): Actor | undefined {
    const digest = digestOf(secret);
    const found = this.#links.get(digest);
    this.#links.delete(digest);
    return found !== undefined && this.#nowMs() < found.untilMs ? found.actor : undefined;
  }

  /** Links of what was revoked open nothing. */
  drop(ids: ReadonlySet<string>): void {
    for (const [digest, { actor }] of this.#links) {
      if (actor.id !== undefined && ids.has(actor.id)) this.#links.delete(digest);
    }
  }
}

function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
