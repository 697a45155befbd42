import { fromInstant, toInstant } from "coopd-core";
import { type Context, Hono } from "hono";
import type { Actor } from "../../access/actor.ts";
import type { Door } from "../../access/door.ts";
import { LINK_MS } from "../../access/once-links.ts";
import { readJson } from "../body.ts";
import { clearCookie, readCookie, setCookie } from "../door/cookie.ts";
import { tooMany, unauthorized } from "../door/enter.ts";
import { peerOf } from "../door/peer.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { errorResponse } from "../errors.ts";
import { LoginBody } from "../request-bodies.ts";

/** `/auth/…`: a token becomes a cookie, and a cookie is taken back (contract/http-api.md §2.3). */
export function authRoutes(door: Door, nowMs: () => number): Hono<RequestEnv> {
  return new Hono<RequestEnv>()
    .post("/login", async (c) => {
      if (door.keys === undefined) return c.json({ auth: "disabled", ok: true });
      if (door.attempts.isOver(peerOf(c))) throw tooMany();
      const { token } = await readJson(c, LoginBody);
      const actor = await logIn(c, door, token, nowMs);
      if (actor !== undefined) return c.json({ ok: true });
      const refused = errorResponse(c, unauthorized());
      refused.headers.delete("www-authenticate"); // a browser would ask for a password in a window of its own
      return refused;
    })
    .post("/logout", async (c) => {
      const { actor, byCookie } = c.get("visit");
      if (byCookie && actor.id !== undefined) await door.keys?.revoke(actor.id);
      await recordAuth(c, door, actor.name, 200);
      clearCookie(c);
      return c.json({ ok: true });
    })
    .get("/status", (c) => {
      if (door.keys === undefined) return c.json({ enabled: false, authenticated: true });
      const header = /^bearer\s+(\S.*)$/i.exec(c.req.header("authorization") ?? "")?.[1]?.trim();
      const secret = header ?? readCookie(c);
      return c.json({ enabled: true, authenticated: isKnown(c, door, secret) });
    })
    .get("/me", (c) => {
      const { kind, id = null, name, scope, expiresAt } = c.get("visit").actor;
      return c.json({ kind, id, name, scope, expires_at: expiresAt });
    })
    .post("/links", async (c) => {
      const { actor } = c.get("visit");
      const path = door.keys === undefined ? "/" : `/login?once=${door.links.make(actor)}`;
      await recordAuth(c, door, actor.name, 201);
      return c.json({ path, expires_at: toInstant(nowMs() + LINK_MS) }, 201);
    });
}

/** Asked without being let in, so a guess here counts as one everywhere else does. */
function isKnown(c: Context<RequestEnv>, door: Door, secret: string | undefined): boolean {
  if (secret === undefined || door.keys === undefined) return false;
  const peer = peerOf(c);
  const actor = door.keys.find(secret);
  if (actor === undefined) door.attempts.fail(peer, String(Bun.hash(secret)));
  return actor !== undefined && !(door.keys.isGuessable(actor) && door.attempts.isOver(peer));
}

/** Makes a login of a token and gives the browser its cookie; undefined, and counted, when the token is nobody's. */
export async function logIn(
  c: Context<RequestEnv>,
  door: Door,
  token: string,
  nowMs: () => number,
): Promise<Actor | undefined> {
  const actor = door.keys?.find(token);
  if (actor === undefined) {
    door.attempts.fail(peerOf(c));
    await recordAuth(c, door, "nobody", 401);
    return undefined;
  }
  door.attempts.forgive(peerOf(c));
  await giveCookie(c, door, actor, nowMs);
  return actor;
}

/** A cookie in the name of `actor`. */
export async function giveCookie(c: Context<RequestEnv>, door: Door, actor: Actor, nowMs: () => number): Promise<void> {
  if (door.keys === undefined) return;
  const { credential, secret } = await door.keys.logIn(actor);
  const end = credential.expires_at === null ? nowMs() : fromInstant(credential.expires_at);
  setCookie(c, door, secret, Math.max(0, Math.ceil((end - nowMs()) / 1000)));
  await recordAuth(c, door, actor.name, 200);
}

/** Wrong tokens are written down too: at most the budget of a peer a minute. */
async function recordAuth(c: Context<RequestEnv>, door: Door, actor: string, status: number): Promise<void> {
  await door.trail.record({
    actor,
    origin: peerOf(c),
    action: `${c.req.method} ${c.req.path}`,
    target: null,
    status,
    request_id: c.get("requestId"),
    before: null,
    after: null,
  });
}
