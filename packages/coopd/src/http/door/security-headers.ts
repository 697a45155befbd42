import type { MiddlewareHandler } from "hono";
import type { RequestEnv } from "./request-env.ts";

/**
 * What a browser is told of every answer (control D8). Nothing inline runs, nothing comes from elsewhere, nobody frames it;
 * what is not a page may not become one.
 */
const HEADERS: readonly (readonly [string, string])[] = [
  [
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
      "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  ],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["X-Frame-Options", "DENY"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
];

/** Sets them on every answer, refusals included, where the route has not set its own. What a farm is doing is not for a cache either. */
export function securityHeaders(): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    for (const [name, value] of HEADERS) if (!headers.has(name)) headers.set(name, value);
    if (!headers.has("cache-control")) headers.set("Cache-Control", "no-store");
  };
}
