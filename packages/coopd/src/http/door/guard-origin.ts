import { CoopError } from "coopd-core";
import { isPagePath } from "farm-ui";
import type { Context, MiddlewareHandler } from "hono";
import type { Door } from "../../access/door.ts";
import { PROBES } from "./open-paths.ts";
import type { RequestEnv } from "./request-env.ts";

const LOOPBACK_NAMES: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Keeps web pages out (control D2). The Host must be a loopback name or one that was allowed, which holds off names that are
 * rebound to this machine. An Origin must be the daemon's own, with its port: another program's page on this machine is
 * another origin, and `null` is what any sandboxed frame sends (contract/http-api.md §2.1, weaknesses B2). What a browser
 * sends without an Origin says by `Sec-Fetch-Site` where it comes from (W3C Fetch Metadata §2.3).
 */
export function guardOrigin(door: Pick<Door, "isPublic" | "allowedHosts">): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    if (!PROBES.includes(c.req.path)) {
      const host = c.req.header("host")?.toLowerCase();
      if (host === undefined || !(door.isPublic || isKnownHost(host, door.allowedHosts))) throw hostRefused();
      const origin = c.req.header("origin")?.toLowerCase();
      const isForeign = origin === undefined ? isFromElsewhere(c) : !isOwnOrigin(origin, host, door.allowedHosts);
      // Behind a proxy the Host may be another one than the page's. A token in a header is nothing that a browser adds by itself.
      const isDeliberate = door.isPublic && origin !== "null" && c.req.header("authorization") !== undefined;
      if (isForeign && !isDeliberate) throw originRefused(door.isPublic);
    }
    await next();
  };
}

function isKnownHost(host: string, allowed: readonly string[]): boolean {
  const { name } = splitAuthority(host);
  return LOOPBACK_NAMES.includes(name) || isAllowed(host, allowed);
}

/** An entry without a port is for any. */
function isAllowed(authority: string, allowed: readonly string[]): boolean {
  return allowed.includes(authority) || allowed.includes(splitAuthority(authority).name);
}

function isOwnOrigin(origin: string, host: string, allowed: readonly string[]): boolean {
  const match = /^(https?):\/\/(\[[0-9a-f:.]+\](?::\d{1,5})?|[^/?#@[\]]+)$/.exec(origin);
  if (match?.[1] === undefined || match[2] === undefined) return false;
  const [page, own] = [splitAuthority(match[2]), splitAuthority(host)];
  const usual = match[1] === "https" ? "443" : "80";
  const isSamePort = (page.port ?? usual) === (own.port ?? usual);
  const areLoopback = LOOPBACK_NAMES.includes(page.name) && LOOPBACK_NAMES.includes(own.name);
  return (isSamePort && (page.name === own.name || areLoopback)) || isAllowed(match[2], allowed);
}

/** A link to the page may be followed from anywhere: the page itself is what then asks, as its own origin. */
function isFromElsewhere(c: Context<RequestEnv>): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site === undefined || site === "same-origin" || site === "none") return false;
  const isReading = c.req.method === "GET" || c.req.method === "HEAD";
  const isLink = c.req.header("sec-fetch-mode") === "navigate" && c.req.header("sec-fetch-dest") === "document";
  return !(isLink && isReading && isPagePath(c.req.path));
}

function splitAuthority(authority: string): { readonly name: string; readonly port: string | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority);
  return { name: match?.[1] ?? "", port: match?.[2] || undefined };
}

function hostRefused(): CoopError {
  return new CoopError("host_refused", "this daemon does not answer to that Host", {
    next: "Call it as 127.0.0.1 or localhost; for another name set COOP_ALLOWED_HOSTS.",
  });
}

function originRefused(isPublic: boolean): CoopError {
  return new CoopError("origin_refused", "requests from other web pages are refused", {
    next: isPublic
      ? "Set COOP_ALLOWED_HOSTS to the name under which the farm's own page is opened."
      : "Open the daemon's own page; for one under another name set COOP_ALLOWED_HOSTS.",
  });
}
