import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { JOB_STATUSES, type JobFilter } from "coopd-core";
import { DENIED_IN_JOBS } from "../egress/denied-in-jobs.ts";
import { egressQuery } from "../egress/read-egress.ts";
import { SELECT_HEN } from "../hens/hen-row.ts";
import { IS_READY } from "../hens/readiness.ts";
import { NEXT_HEN, NEXT_JOB } from "../jobs/claim.ts";
import { jobsQuery } from "../jobs/read-jobs.ts";
import { OLD_EGRESS } from "../retention/prune.ts";
import { henId, jobId } from "../testing/samples.ts";
import { MIGRATIONS } from "./migrate.ts";
import { planOnce } from "./statements.ts";

const db = new Database(":memory:");
for (const { sql } of MIGRATIONS) db.run(sql);

function planOf(text: string): readonly string[] {
  return (db.query(`EXPLAIN QUERY PLAN ${planOnce(text)}`).all() as { detail: string }[]).map(({ detail }) => detail);
}

/** Steps that read a whole table or index; the merge's own output is no table. */
const scans = (text: string) => planOf(text).filter((step) => step.startsWith("SCAN") && !step.includes("(subquery"));

test("the next hen is the head of an index of ready hens, however many hens there are", () => {
  expect(planOf(NEXT_HEN)).toEqual(["SCAN hens USING INDEX hens_ready"]);
});

test("the next job of a hen is one probe of its queue", () => {
  expect(planOf(NEXT_JOB)).toEqual(["SEARCH jobs USING COVERING INDEX jobs_waiting (hen_id=? AND lease_id=?)"]);
});

test("whether a hen is ready is one probe of its queue", () => {
  const plan = planOf(`UPDATE hens SET ready = 1 - ready WHERE id = $id AND ready <> ${IS_READY}`);
  expect(plan).toContain("SEARCH jobs USING COVERING INDEX jobs_waiting (hen_id=? AND lease_id=?)");
  expect(plan.filter((step) => step.startsWith("SCAN"))).toEqual([]);
});

test("no listing of jobs scans or sorts the table, whatever the filter", () => {
  const filters: readonly JobFilter[] = [
    {},
    { henId: henId("a") },
    ...JOB_STATUSES.map((status) => ({ status: [status] })),
    { status: ["QUEUED", "RUNNING"] },
    { status: JOB_STATUSES, henId: henId("a") },
    { status: ["DONE", "FAILED", "CANCELLED"], henId: henId("a") },
    { parentId: jobId(1) },
    { parentId: jobId(1), status: ["DONE"], henId: henId("a") },
  ];
  for (const order of ["asc", "desc"] as const) {
    for (const filter of filters) expect(scans(jobsQuery({ ...filter, order }).text)).toEqual([]);
    expect(planOf(jobsQuery({ order }).text)[0]).toContain("(id>? AND id<?)");
    expect(planOf(jobsQuery({ order }).text).join()).not.toContain("TEMP B-TREE");
    const ofOneHen = planOf(jobsQuery({ status: ["DONE"], henId: henId("a"), order }).text).join("\n");
    expect(ofOneHen).toContain("USING COVERING INDEX jobs_by_hen (hen_id=? AND status=? AND id>? AND id<?)");
  }
});

test("hens by state, old episodes and RUNNING jobs are ranges of their indexes", () => {
  expect(planOf(`${SELECT_HEN} WHERE hens.state = $state AND hens.id > $after ORDER BY hens.id LIMIT 5`)[0]).toBe(
    "SEARCH hens USING INDEX hens_by_state (state=? AND id>?)",
  );
  expect(planOf("DELETE FROM episodes WHERE hen_id = $id AND at_ms < $old")).toEqual([
    "SEARCH episodes USING INDEX episodes_by_age (hen_id=? AND at_ms<?)",
  ]);
  expect(planOf("SELECT no FROM jobs WHERE status = 'RUNNING' AND id > $after ORDER BY id LIMIT 5")).toEqual([
    "SEARCH jobs USING COVERING INDEX jobs_by_status (status=? AND id>?)",
  ]);
});

test("no listing of an egress log scans or sorts, whatever the filter, and old rows are one end of an index", () => {
  for (const order of ["asc", "desc"] as const) {
    for (const filter of [{}, { verdict: "allowed" }, { verdict: "denied" }, { jobId: jobId(1) }] as const) {
      const plan = planOf(egressQuery({ ...filter, order }).text);
      expect(plan).toHaveLength(1);
      expect(plan[0]).toStartWith("SEARCH egress USING");
    }
    expect(planOf(egressQuery({ verdict: "denied", order }).text)[0]).toContain(
      "egress_by_verdict (hen_id=? AND verdict=? AND seq",
    );
    expect(planOf(egressQuery({ jobId: jobId(1), order }).text)[0]).toContain("egress_by_job (hen_id=? AND job_id=?");
  }
  expect(planOf(DENIED_IN_JOBS)).toEqual(["SEARCH egress USING INDEX egress_denied_in_jobs (at_ms>? AND at_ms<?)"]);
  expect(planOf(OLD_EGRESS)).toEqual(["SEARCH egress USING COVERING INDEX egress_by_age (at_ms<?)"]);
});
