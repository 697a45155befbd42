import { EGRESS_ROWS_MAX } from "coopd-core";
import { IS_READY } from "../hens/readiness.ts";
import type { Scope } from "../rows/scope.ts";

/** Each rule is a query for the rows that break it; `what` names one such row. */
const RULES: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: "a hen's count of queued jobs differs from its queue",
    text: `SELECT id AS what FROM hens WHERE queued <>
      (SELECT count(*) FROM jobs WHERE jobs.hen_id = hens.id AND status = 'QUEUED')`,
  },
  {
    name: "a hen's count of running jobs differs from its jobs",
    text: `SELECT id AS what FROM hens WHERE running <>
      (SELECT count(*) FROM jobs WHERE jobs.hen_id = hens.id AND status = 'RUNNING')`,
  },
  {
    name: "the farm's counts differ from its jobs",
    text: `SELECT printf('%d queued, %d running', queued, running) AS what FROM farm WHERE
      queued <> (SELECT count(*) FROM jobs WHERE status = 'QUEUED') OR
      running <> (SELECT count(*) FROM jobs WHERE status = 'RUNNING')`,
  },
  {
    name: "a hen is wrongly (not) ready to be claimed",
    text: `SELECT id AS what FROM hens WHERE ready <> ${IS_READY}`,
  },
  {
    name: "a hen runs jobs and is not WORKING",
    text: "SELECT id AS what FROM hens WHERE running > 0 AND state NOT IN ('WORKING', 'DAMAGED')",
  },
  { name: "a hen runs more jobs than it has slots", text: "SELECT id AS what FROM hens WHERE running > slots" },
  {
    name: "a lease has an end and no beginning",
    text: "SELECT hen_id AS what FROM hen_leases WHERE hen_id NOT IN (SELECT id FROM hens WHERE lease_id IS NOT NULL)",
  },
  {
    name: "a hen has no body",
    text: `SELECT id AS what FROM hens WHERE state <> 'DAMAGED' AND id NOT IN (SELECT hen_id FROM hen_bodies)`,
  },
  {
    name: "a job has no texts",
    text: `SELECT id AS what FROM jobs WHERE status <> 'DAMAGED' AND no NOT IN (SELECT job_no FROM job_texts)`,
  },
  {
    name: "a job's journal has a gap that the quarantine does not explain",
    text: `SELECT id AS what FROM jobs WHERE last_seq <>
      (SELECT count(*) FROM journal WHERE job_no = jobs.no AND seq <= jobs.last_seq) +
      (SELECT count(*) FROM quarantine WHERE source = 'journal' AND hen_id = jobs.hen_id AND key GLOB jobs.id || ':*')`,
  },
  {
    name: "a hen's usage counts fewer jobs than there are",
    text: `SELECT id AS what FROM hens LEFT JOIN hen_usage ON hen_usage.hen_id = hens.id
      WHERE coalesce(done + failed + cancelled, 0) <
        (SELECT count(*) FROM jobs WHERE jobs.hen_id = hens.id AND status IN ('DONE', 'FAILED', 'CANCELLED'))`,
  },
  {
    name: "an egress log runs ahead of its hen's count, or is longer than it may be",
    text: `SELECT hens.id AS what FROM hens JOIN egress ON egress.hen_id = hens.id GROUP BY hens.id
      HAVING max(egress.seq) > hens.egress_seq OR min(egress.seq) <= hens.egress_seq - ${EGRESS_ROWS_MAX}`,
  },
  {
    name: "a call is under way for a job that does not run",
    text: `SELECT id AS what FROM open_calls JOIN jobs ON jobs.no = job_no WHERE status NOT IN ('RUNNING', 'DAMAGED')`,
  },
  {
    name: "a job's cost is more than its hen's sums",
    text: `SELECT hens.id AS what FROM hens WHERE
      (SELECT coalesce(sum(usd_micros + uncertain_usd_micros), 0) FROM jobs WHERE jobs.hen_id = hens.id) >
      (SELECT coalesce(sum(usd_micros + uncertain_usd_micros), 0) FROM spend WHERE spend.hen_id = hens.id)`,
  },
  {
    name: "a job's status does not fit its times",
    text: `SELECT id AS what FROM jobs WHERE status <> 'DAMAGED' AND
      ((status IN ('DONE', 'FAILED', 'CANCELLED')) <> (ended_ms IS NOT NULL)
       OR (status = 'RUNNING' AND started_ms IS NULL))`,
  },
];

/** Rows named for one rule at most; a store with more faults than this needs its backup, not a longer list. */
const NAMED_MAX = 20;

/**
 * Everything about the database that is not as it should be, one sentence each; empty when it is sound. It reads the
 * whole file (about a second for 100,000 jobs), so it is for tests and the doctor.
 */
export function findFaults(scope: Scope): readonly string[] {
  const damaged = scope.sql
    .all<{ integrity_check: string }>(`PRAGMA integrity_check(${NAMED_MAX})`)
    .map((row) => row.integrity_check)
    .filter((line) => line !== "ok");
  const orphans = scope.sql
    .all<{ table: string; rowid: number }>("PRAGMA foreign_key_check")
    .slice(0, NAMED_MAX)
    .map(({ table, rowid }) => `a row without its parent: ${table} ${rowid}`);
  const broken = RULES.flatMap(({ name, text }) =>
    scope.sql.all<{ what: string }>(`${text} LIMIT ${NAMED_MAX}`).map(({ what }) => `${name}: ${what}`),
  );
  return [...damaged, ...orphans, ...broken];
}
