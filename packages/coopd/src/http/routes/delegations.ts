import { type JobId, parseHenId } from "coopd-core";
import { Hono } from "hono";
import type { Delegations } from "../../farm/delegations.ts";
import type { Farm } from "../../farm/farm.ts";
import { readJson } from "../body.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { DelegateBody } from "../job-body.ts";
import { answerOnce } from "../once.ts";

/** `/hens/:id/delegate`: queues the work and answers when it has ended, or with 504 when that takes too long. */
export function delegationRoutes(farm: Farm, delegations: Delegations): Hono<RequestEnv> {
  return new Hono<RequestEnv>().post("/:id/delegate", async (c) => {
    const body = await readJson(c, DelegateBody);
    const from = parseHenId(c.req.param("id"));
    const { prompt, limits = {}, lease_id: leaseId = null } = body;
    const work = { henId: parseHenId(body.to), prompt, limits, leaseId };
    c.env.server.timeout(c.req.raw, 0); // the wait has a limit of its own, and sends nothing meanwhile
    return answerOnce(c, farm, {
      request: ["delegate", from, body],
      make: async (once) => (await delegations.request(from, work, once)).id,
      answer: async (id) => c.json(await delegations.await(id as JobId, c.req.raw.signal)),
    });
  });
}
