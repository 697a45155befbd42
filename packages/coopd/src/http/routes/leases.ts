import { parseHenId, toInstant } from "coopd-core";
import { Hono } from "hono";
import type { Leases } from "../../farm/leases.ts";
import { readJson } from "../body.ts";
import { readFlag } from "../query.ts";
import { LeaseBody } from "../request-bodies.ts";

/** `/hens/:id/lease` and `/release`: parse, ask, answer. */
export function leaseRoutes(leases: Leases): Hono {
  return new Hono()
    .post("/:id/lease", async (c) => {
      const { renter, lease_id: leaseId, expires_at: end = null } = await readJson(c, LeaseBody);
      const expiresAt = end === null ? null : toInstant(Date.parse(end));
      await leases.lease(parseHenId(c.req.param("id")), { renter, leaseId, expiresAt });
      return c.json({ ok: true });
    })
    .post("/:id/release", async (c) => {
      await leases.release(parseHenId(c.req.param("id")), readFlag(c, "force"));
      return c.json({ ok: true });
    });
}
