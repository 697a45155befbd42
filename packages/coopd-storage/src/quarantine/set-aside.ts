import type { HenId } from "coopd-core";
import { updateReadiness } from "../hens/readiness.ts";
import { endRun } from "../jobs/end-run.ts";
import type { DamagedRow, JsonTable } from "../rows/damaged-row.ts";
import type { WriteScope } from "../rows/scope.ts";

/** What a row says of itself besides its body, so that a farmer can put it back by hand. */
interface RawRow {
  readonly hen_id: string | null;
  readonly raw: string;
}

/**
 * Moves a damaged row to the quarantine, once. Entries, episodes, tasks, events and egress rows leave their table. A hen or a job loses
 * its body and becomes DAMAGED in its place: its journal, its jobs and its name stay bound to it until it is deleted.
 * @returns false when there is no such row (any more)
 */
export function setAside(scope: WriteScope, { table, key, reason }: DamagedRow): boolean {
  const found = scope.sql.get<RawRow>(FIND[table], toPlace(table, key));
  if (found === undefined) return false;
  scope.sql.run(
    "INSERT INTO quarantine (source, key, hen_id, reason, raw, at_ms) VALUES ($table, $key, $henId, $reason, $raw, $at)",
    { table, key, henId: found.hen_id, reason, raw: found.raw, at: scope.nowMs },
  );
  if (table === "hens") setHenAside(scope, key);
  else if (table === "jobs") setJobAside(scope, key);
  else scope.sql.run(REMOVE[table], toPlace(table, key));
  return true;
}

/** Whose the row is, and its columns as one JSON object with the damaged body as a string in it. */
const FIND: Readonly<Record<JsonTable, string>> = {
  hens: `SELECT hens.id AS hen_id, json_object('id', hens.id, 'state', hens.state, 'lease_id', hens.lease_id,
      'uid', hens.uid, 'updated_ms', hens.updated_ms, 'body', hen_bodies.body, 'manifest', hen_bodies.manifest_text) AS raw
    FROM hens JOIN hen_bodies ON hen_bodies.hen_id = hens.id WHERE hens.id = $key`,
  jobs: `SELECT jobs.hen_id, json_object('id', jobs.id, 'status', jobs.status, 'epoch', jobs.epoch, 'turns', jobs.turns,
      'lease_id', jobs.lease_id, 'updated_ms', jobs.updated_ms, 'started_ms', jobs.started_ms, 'ended_ms', jobs.ended_ms,
      'error_code', jobs.error_code, 'body', job_texts.body, 'result', job_texts.result, 'error', job_texts.error) AS raw
    FROM jobs JOIN job_texts ON job_texts.job_no = jobs.no WHERE jobs.id = $key`,
  journal: `SELECT jobs.hen_id, json_object('job_id', jobs.id, 'seq', journal.seq, 'epoch', journal.epoch,
      'at_ms', journal.at_ms, 'body', journal.body) AS raw
    FROM journal JOIN jobs ON jobs.no = journal.job_no WHERE jobs.id = $key AND journal.seq = $seq`,
  episodes: `SELECT hen_id, json_object('id', id, 'hen_id', hen_id, 'at_ms', at_ms, 'body', body) AS raw
    FROM episodes WHERE id = $key`,
  tasks: `SELECT NULL AS hen_id, json_object('id', id, 'status', status, 'claimed_by', claimed_by, 'body', body) AS raw
    FROM tasks WHERE id = $key`,
  events: `SELECT NULL AS hen_id, json_object('seq', seq, 'at_ms', at_ms, 'body', body) AS raw
    FROM events WHERE seq = CAST($key AS INTEGER)`,
  egress: `SELECT hen_id, json_object('hen_id', hen_id, 'seq', seq, 'at_ms', at_ms, 'verdict', verdict, 'job_id', job_id,
      'body', body) AS raw
    FROM egress WHERE hen_id = $key AND seq = $seq`,
};

const REMOVE: Readonly<Record<Exclude<JsonTable, "hens" | "jobs">, string>> = {
  journal: "DELETE FROM journal WHERE job_no = (SELECT no FROM jobs WHERE id = $key) AND seq = $seq",
  episodes: "DELETE FROM episodes WHERE id = $key",
  tasks: "DELETE FROM tasks WHERE id = $key",
  events: "DELETE FROM events WHERE seq = CAST($key AS INTEGER)",
  egress: "DELETE FROM egress WHERE hen_id = $key AND seq = $seq",
};

/** A journal entry's key is `<job id>:<seq>`, an egress row's `<hen id>:<seq>`. */
function toPlace(table: JsonTable, key: string): Readonly<Record<string, string | number>> {
  if (table !== "journal" && table !== "egress") return { key };
  const colon = key.lastIndexOf(":");
  return { key: key.slice(0, colon), seq: Number(key.slice(colon + 1)) };
}

function setHenAside(scope: WriteScope, id: string): void {
  scope.sql.run("UPDATE hens SET state = 'DAMAGED', ready = 0 WHERE id = $id", { id });
  scope.sql.run("DELETE FROM hen_bodies WHERE hen_id = $id", { id });
}

/** A job that cannot be read cannot be run: it leaves the queue or its hen's slot, and the counters with it. */
function setJobAside(scope: WriteScope, id: string): void {
  const job = scope.sql.get<{ no: number; hen_id: HenId; status: string }>(
    "SELECT no, hen_id, status FROM jobs WHERE id = $id",
    { id },
  );
  if (job === undefined) return;
  scope.sql.run("UPDATE jobs SET status = 'DAMAGED' WHERE no = $no", { no: job.no });
  scope.sql.run("DELETE FROM job_texts WHERE job_no = $no", { no: job.no });
  if (job.status === "RUNNING") endRun(scope, job.hen_id, scope.nowMs);
  if (job.status !== "QUEUED") return;
  scope.sql.run("UPDATE farm SET queued = queued - 1 WHERE id = 1");
  scope.sql.run("UPDATE hens SET queued = queued - 1 WHERE id = $henId", { henId: job.hen_id });
  updateReadiness(scope, job.hen_id);
}
