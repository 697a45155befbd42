import { parseHenId, toInstant } from "coopd-core";
import { Hono } from "hono";
import { z } from "zod";
import type { Leases } from "../../farm/leases.ts";
import { readJson } from "../body.ts";
import { LeaseId } from "../job-body.ts";
import { readFlag } from "../query.ts";

const LeaseBody = z.object({
  renter: z.string().min(1).max(256),
  lease_id: LeaseId,
  expires_at: z.iso.datetime({ offset: true, error: "expected an RFC 3339 instant" }).nullish(),
});

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
