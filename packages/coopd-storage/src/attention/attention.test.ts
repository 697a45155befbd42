import { expect, test } from "bun:test";
import { toInstant } from "coopd-core";
import { sampleEgress } from "../testing/sample-egress.ts";
import { at, henId, jobId, sampleHen } from "../testing/samples.ts";
import { openTempStore } from "../testing/temp-store.ts";

test("a dismissal holds over restarts, is one however often it is said, and goes after 30 days", async () => {
  await using temp = await openTempStore();
  await temp.store.dismiss("job:1", at(0));
  await temp.store.dismiss("job:1", at(5));
  await temp.store.dismiss("job:2", at(10 * 86_400));
  await temp.reopen();
  expect([...(await temp.store.dismissals())].sort()).toEqual(["job:1", "job:2"]);
  await temp.store.prune({ at: at(31 * 86_400), eventsMs: 1e12, eventsMax: 1e9, egressMs: 1e12 });
  expect(await temp.store.dismissals()).toEqual(["job:2"]);
});

test("denied requests of jobs come newest first, without what was allowed, asked outside of a job, or is too old", async () => {
  await using temp = await openTempStore();
  const ada = henId("ada");
  await temp.store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  const moment = (ms: number) => toInstant(Date.UTC(2026, 0, 1) + ms);
  const denied = (host: string, ms: number, job: boolean) =>
    sampleEgress(ada, { host, at: moment(ms), job_id: job ? jobId(1) : null });
  const allowed = { verdict: "allowed", code: null, reason: null, allow: null, next: null } as const;
  const entries = [
    denied("old", 0, true),
    denied("first", 10, true),
    denied("by-hand", 11, false),
    sampleEgress(ada, { host: "ok", at: moment(12), job_id: jobId(1), ...allowed }),
    denied("second", 13, true),
  ];
  await temp.store.recordEgress({ entries, facts: [], at: at(0) });
  expect((await temp.store.deniedInJobs(moment(5))).map(({ host }) => host)).toEqual(["second", "first"]);
});
