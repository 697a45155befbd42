import { timingSafeEqual } from "node:crypto";
import { CoopError } from "coopd-core";
import type { MiddlewareHandler } from "hono";

const LOOPBACK_NAMES: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];
const PROBES: readonly string[] = ["/api/v1/healthz", "/api/v1/readyz"];

/**
 * Keeps web pages out of a daemon on loopback: the Host must be a loopback name (DNS rebinding), and so must an Origin,
 * where one is sent. `Origin: null` is refused too; the original let it in, which any sandboxed frame can send
 * (contract/http-api.md §2.1, weaknesses B2).
 */
export function guardOrigin(isPublic: boolean): MiddlewareHandler {
  return async (c, next) => {
    if (!isPublic && !PROBES.includes(c.req.path)) {
      const host = c.req.header("host");
      if (host === undefined || !LOOPBACK_NAMES.includes(hostName(host))) {
        throw new CoopError("host_refused", "this daemon answers only to a loopback Host", {
          next: "Call it as 127.0.0.1 or localhost; behind a reverse proxy set COOP_PUBLIC=1 and a token.",
        });
      }
      const origin = c.req.header("origin");
      if (origin !== undefined && !isLoopbackOrigin(origin)) {
        throw new CoopError("origin_refused", "requests from other web pages are refused", {
          next: "Open the daemon's own page.",
        });
      }
    }
    await next();
  };
}

/** `Authorization: Bearer …`, compared in constant time; the probes stay open. Without a token it lets everyone in. */
export function guardToken(token: string | undefined): MiddlewareHandler {
  if (token === undefined) return async (_c, next) => next();
  const expected = digest(token);
  return async (c, next) => {
    if (!PROBES.includes(c.req.path)) {
      const given = /^bearer\s+(.*)$/i.exec(c.req.header("authorization") ?? "")?.[1]?.trim();
      if (given === undefined || !timingSafeEqual(digest(given), expected)) {
        throw new CoopError("unauthorized", "unauthorized", {
          next: "Send the daemon's token, <data dir>/token: coop --token-file FILE …, or set COOP_API_TOKEN.",
        });
      }
    }
    await next();
  };
}

/** Equal lengths for the comparison, whatever was sent. */
function digest(text: string): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(text).digest();
}

function hostName(host: string): string {
  const name = host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : host.replace(/:\d*$/, "");
  return name.toLowerCase();
}

function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/(\[[^\]]*\]|[^:/]+)(?::\d{1,5})?$/i.exec(origin);
  return match?.[1] !== undefined && LOOPBACK_NAMES.includes(match[1].toLowerCase());
}
