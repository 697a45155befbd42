import { expect, test } from "bun:test";
import { Metrics } from "./metrics.ts";

test("answers are counted by route and status, and sorted into buckets that add up", async () => {
  const metrics = new Metrics();
  metrics.answered("GET /api/v1/farm", 200, 0.0005);
  metrics.answered("GET /api/v1/farm", 200, 0.02);
  metrics.answered("GET /api/v1/farm", 401, 60);
  const text = await metrics.render();
  expect(text).toContain('coop_http_requests_total{route="GET /api/v1/farm",status="200"} 2');
  expect(text).toContain('coop_http_requests_total{route="GET /api/v1/farm",status="401"} 1');
  expect(text).toContain('_bucket{route="GET /api/v1/farm",le="0.001"} 1');
  expect(text).toContain('_bucket{route="GET /api/v1/farm",le="10"} 2');
  expect(text).toContain('_bucket{route="GET /api/v1/farm",le="+Inf"} 3');
  expect(text).toContain('_count{route="GET /api/v1/farm"} 3');
});

test("a figure is read when it is asked for, and a label cannot break the format", async () => {
  const metrics = new Metrics();
  let hens = 1;
  metrics.gauge({ name: "hens", help: "Hens.", type: "gauge", label: "state", read: async () => ({ 'a"\n': hens }) });
  hens = 3;
  expect(await metrics.render()).toContain('hens{state="a__"} 3');
});
