import { type Figure, quantile } from "../figure.ts";
import type { Wire } from "../wire.ts";

const READS = 200;

/** A page of 50 from the middle of all jobs, and the 50 first of one hen. `middle` is the id of a job half way. */
export async function measureLists(wire: Wire, hen: string, middle: string): Promise<readonly Figure[]> {
  const page = await timeReads(wire, `/jobs?limit=50&after=${middle}`);
  const ofHen = await timeReads(wire, `/jobs?limit=50&hen_id=${encodeURIComponent(hen)}`);
  return [
    { what: "list 50 of 100,000 jobs, median", value: quantile(page, 0.5), unit: "ms", budget: { most: 5 } },
    { what: "list 50 of 100,000 jobs, p99", value: quantile(page, 0.99), unit: "ms" },
    { what: "list 50 of one hen's jobs, median", value: quantile(ofHen, 0.5), unit: "ms", budget: { most: 5 } },
  ];
}

async function timeReads(wire: Wire, path: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const startedAt = performance.now();
    const rows = (await wire.call("GET", path)) as readonly unknown[];
    times.push(performance.now() - startedAt);
    if (rows.length !== 50) throw new Error(`${path} answered ${rows.length} rows and not 50`);
  }
  return times;
}
