import { type AccessStore, CoopError, type Credential, fromInstant, PAGE_MAX, toInstant } from "coopd-core";
import { Hono } from "hono";
import type { Door } from "../../access/door.ts";
import type { KeyRing } from "../../access/key-ring.ts";
import { readJson } from "../body.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { readWhole } from "../query.ts";
import { TokenBody } from "../request-bodies.ts";

/** What the trail is read from. */
export type AuditReader = Pick<AccessStore, "audit" | "auditHead">;

/** `/tokens…` and `/audit…`: who may come in, and what was done. */
export function tokenRoutes(door: Door, reader: AuditReader, nowMs: () => number): Hono<RequestEnv> {
  return new Hono<RequestEnv>()
    .get("/tokens", (c) => c.json(ringOf(door).list().map(toRow)))
    .post("/tokens", async (c) => {
      const { name, scope, expires_at: end = null } = await readJson(c, TokenBody);
      const expiresAt = end === null ? null : toInstant(Date.parse(end));
      if (expiresAt !== null && fromInstant(expiresAt) <= nowMs()) {
        throw new CoopError("bad_request", "expires_at is over already");
      }
      const { credential, secret } = await ringOf(door).createToken(name, scope, expiresAt);
      return c.json({ ...toRow(credential), token: secret }, 201);
    })
    .delete("/tokens/:id", async (c) => {
      await ringOf(door).revoke(c.req.param("id"));
      return c.body(null, 204);
    })
    .get("/audit", async (c) => {
      const after = readWhole(c, "after", 0, Number.MAX_SAFE_INTEGER) ?? 0;
      const limit = readWhole(c, "limit", 1, PAGE_MAX) ?? PAGE_MAX;
      return c.json(await reader.audit({ after, limit }));
    })
    .get("/audit/head", async (c) => c.json(await reader.auditHead()));
}

function ringOf({ keys }: Door): KeyRing {
  if (keys !== undefined) return keys;
  throw new CoopError("bad_request", "this daemon asks for no token: COOP_AUTH=none", {
    next: "Start it without COOP_AUTH=none; then tokens mean something.",
  });
}

function toRow({ id, kind, name, scope, created_at, expires_at, last_used_at }: Credential) {
  return { id, kind, name, scope, created_at, expires_at, last_used_at };
}
