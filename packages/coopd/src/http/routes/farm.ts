import type { TerminalCapabilities } from "coopd-core";
import { Hono } from "hono";
import type { Doctor } from "../../doctor/doctor.ts";
import type { Farm } from "../../farm/farm.ts";
import type { JobControl } from "../../farm/job-control.ts";
import { findLocation } from "../../farm/location.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import type { Spending } from "../../spend/spending.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { openApiDocument } from "../openapi.ts";

/** What the routes of the farm as a whole ask. */
export interface FarmRouteParts {
  readonly farm: Farm;
  readonly control: JobControl;
  readonly doctor: Doctor;
  readonly spending: Spending;
  readonly metrics: Metrics;
  readonly capabilities: TerminalCapabilities;
  /** Resolves when the daemon can really work. @throws CoopError `not_ready` */
  readonly probe: () => Promise<void>;
  /** `HOST:PORT` as bound. */
  readonly boundAddress: () => string;
}

/** The farm as a whole: probes, numbers, what this host holds. */
export function farmRoutes(parts: FarmRouteParts): Hono<RequestEnv> {
  const { farm, control, doctor, spending } = parts;
  return new Hono<RequestEnv>()
    .get("/healthz", (c) => c.json({ ok: true }))
    .get("/readyz", async (c) => {
      await parts.probe();
      return c.json({ ok: true });
    })
    .get("/farm", async (c) => {
      const [summary, stopped, today] = await Promise.all([farm.summary(), control.isStopped(), spending.today()]);
      return c.json({ ...summary, stopped, today });
    })
    .get("/farm/location", (c) => c.json(findLocation(parts.boundAddress())))
    .post("/farm/stop", async (c) => c.json({ cancelled: await control.stopFarm(), stopped: true }))
    .post("/farm/resume", async (c) => {
      await control.resumeFarm();
      return c.json({ stopped: false });
    })
    .get("/session/capabilities", (c) => c.json(parts.capabilities))
    .get("/doctor", async (c) => c.json(await doctor.report()))
    .get("/openapi.json", (c) => c.json(openApiDocument()));
}

/** `/metrics`, where Prometheus looks. */
export function metricsRoutes(metrics: Metrics): Hono<RequestEnv> {
  return new Hono<RequestEnv>().get("/metrics", async (c) => {
    c.header("content-type", "text/plain; version=0.0.4; charset=utf-8");
    return c.body(await metrics.render());
  });
}
