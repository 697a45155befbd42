import { CoopError, covers, type Scope } from "coopd-core";
import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { ANYONE } from "../../access/actor.ts";
import type { Door, Visit } from "../../access/door.ts";
import { type Operation, scopeOf } from "../operations/operation.ts";
import { OPERATIONS } from "../operations.ts";
import { clearCookie, readCookie } from "./cookie.ts";
import { isOpenPath } from "./open-paths.ts";
import { peerOf } from "./peer.ts";
import type { RequestEnv } from "./request-env.ts";

/** Where a credential came from: the first of these that has one counts, right or wrong (contract/http-api.md §2.2). */
type Source = "header" | "query" | "cookie";

/** What a path that is no operation asks for: the pages show the farm, and what is not there is not told to strangers. */
const SCOPE_OF_THE_REST: Scope = "read";

/** Lets in who proves to be somebody and may do what is asked (controls D1, D3, D7); everybody else is refused. */
export function enter(door: Door): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    const operation = operationOf(c);
    c.set("operation", operation);
    if (!isOpenPath(c.req.path)) {
      const visit = identify(c, door);
      c.set("visit", visit);
      const needed = operation === undefined ? SCOPE_OF_THE_REST : scopeOf(operation);
      if (needed !== "open" && !covers(visit.actor.scope, needed)) throw scopeMissing(visit, needed);
    }
    await next();
  };
}

/** Who asks. @throws CoopError `unauthorized`, `too_many_attempts` */
export function identify(c: Context<RequestEnv>, door: Door): Visit {
  if (door.keys === undefined) return { actor: ANYONE, byCookie: false };
  const given = readCredential(c);
  if (given === undefined) throw unauthorized();
  const peer = peerOf(c);
  const actor = door.keys.find(given.secret);
  if (actor === undefined) {
    const wasOver = door.attempts.isOver(peer);
    door.attempts.fail(peer, given.source === "cookie" ? String(Bun.hash(given.secret)) : undefined);
    if (given.source === "cookie") clearCookie(c);
    throw wasOver ? tooMany() : unauthorized();
  }
  // What we made has 256 random bits and cannot have been guessed; what a person chose can.
  if (door.keys.isGuessable(actor) && door.attempts.isOver(peer)) throw tooMany();
  return { actor, byCookie: given.source === "cookie" };
}

/** The header before the query before the cookie; the first that is not empty, right or wrong. */
function readCredential(c: Context<RequestEnv>): { readonly secret: string; readonly source: Source } | undefined {
  const header = /^bearer\s+(\S.*)$/i.exec(c.req.header("authorization") ?? "")?.[1]?.trim();
  if (header !== undefined) return { secret: header, source: "header" };
  const query = c.req.queries("token")?.find((value) => value !== "");
  if (query !== undefined) return { secret: query, source: "query" };
  const cookie = readCookie(c);
  return cookie === undefined ? undefined : { secret: cookie, source: "cookie" };
}

const BY_ROUTE: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.map((operation) => [
    `${operation.method.toUpperCase()} ${operation.path.replace(/\{(\w+)\}/g, ":$1")}`,
    operation,
  ]),
);

/** By the route that the router itself has found, so that no second matching can see it in another way. */
function operationOf(c: Context<RequestEnv>): Operation | undefined {
  const route = matchedRoutes(c).find(({ method }) => method !== "ALL");
  return route === undefined ? undefined : BY_ROUTE.get(`${route.method} ${route.path}`);
}

/** The refusal of somebody who is not known. */
export function unauthorized(): CoopError {
  return new CoopError("unauthorized", "unauthorized", {
    next: "Send the daemon's token, <data dir>/token: coop --token-file FILE …, or set COOP_API_TOKEN.",
  });
}

/** The refusal of somebody who guesses. */
export function tooMany(): CoopError {
  return new CoopError("too_many_attempts", "too many wrong tokens came from there", {
    next: "Try again in a minute.",
  });
}

function scopeMissing({ actor }: Visit, needed: Scope): CoopError {
  return new CoopError("scope_missing", `this needs the scope ${needed}; what was sent has ${actor.scope}`, {
    next: `Use a token with the scope ${needed}: coop token create NAME --scope ${needed}`,
    details: { needed, held: actor.scope },
  });
}
