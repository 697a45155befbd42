import { type BrainTestReport, type HenId, parseHenId } from "coopd-core";
import { Hono } from "hono";
import type { FarmCeilings } from "../../spend/farm-ceilings.ts";
import type { Spending } from "../../spend/spending.ts";
import { readJson } from "../body.ts";
import { FarmLimitsBody } from "../request-bodies.ts";
import { readUsageRequest } from "../usage-query.ts";

/** What the routes about spending need. */
export interface SpendParts {
  readonly spending: Spending;
  readonly ceilings: FarmCeilings;
  readonly testBrain: (id: HenId, signal: AbortSignal) => Promise<BrainTestReport>;
}

/** `/usage`, `/farm/limits`, `/hens/:id/usage`, `/hens/:id/brain/test`. */
export function spendRoutes({ spending, ceilings, testBrain }: SpendParts): Hono {
  return new Hono()
    .get("/usage", async (c) => c.json(await spending.report(readUsageRequest(c))))
    .get("/farm/limits", async (c) => c.json(await ceilings.read()))
    .put("/farm/limits", async (c) => {
      const given = Object.entries(await readJson(c, FarmLimitsBody)).filter(([, value]) => value !== undefined);
      return c.json(await ceilings.change(Object.fromEntries(given)));
    })
    .get("/hens/:id/usage", async (c) => c.json(await spending.ofHen(parseHenId(c.req.param("id")))))
    .post("/hens/:id/brain/test", async (c) =>
      c.json(await testBrain(parseHenId(c.req.param("id")), c.req.raw.signal)),
    );
}
