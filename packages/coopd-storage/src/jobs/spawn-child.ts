import {
  assertDelegable,
  CoopError,
  type HenId,
  type HenSlots,
  type Job,
  type JobId,
  type RunningJob,
  type SpawnedChild,
} from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";
import { notHeld } from "./append.ts";
import { enqueue } from "./enqueue.ts";
import { requireJob } from "./job-row.ts";
import { insertFacts } from "./journal-row.ts";
import { toCallKey } from "./read-children.ts";

/**
 * Queues a child and says so in its parent's journal, both or neither. The parent's epoch stands in the statement that
 * writes, and a call has at most one child by the table's key, so neither a fenced-off runner nor a call that runs again
 * makes a second one. The rule is asked here, because between two transactions another job could close the circle.
 *
 * @throws CoopError `stale_epoch`, `delegation_refused`, `job_not_found`, and what `enqueue` throws
 */
export function spawnChild(scope: WriteScope, { child, hen, limits, parent }: SpawnedChild): Job {
  const parentId = child.parent_job_id;
  if (parentId === null) throw new CoopError("bad_request", "a child has a parent");
  const { epoch, turn, callId } = parent;
  const held = scope.sql.get<{ no: number; hen_id: HenId }>(
    "SELECT no, hen_id FROM jobs WHERE id = $parentId AND epoch = $epoch AND status = 'RUNNING'",
    { parentId, epoch },
  );
  if (held === undefined) throw notHeld(scope, parentId, epoch);
  const place = { parentNo: held.no, callKey: toCallKey(parent) };
  const known = scope.sql.get<{ child_id: JobId }>(
    "SELECT child_id FROM job_children WHERE parent_no = $parentNo AND call_key = $callKey",
    place,
  );
  if (known !== undefined) return requireJob(scope, known.child_id);
  assertDelegable({
    jobId: parentId,
    from: held.hen_id,
    to: child.hen_id,
    depth: child.delegation_depth - 1,
    ancestors: chainOf(scope, parentId),
    slotsOf: (id) => slotsOf(scope, id),
  });
  const queued = enqueue(scope, { job: child, hen, limits, delegatedBy: held.hen_id });
  const at = toMs(child.created_at);
  const written = scope.sql.get<{ last_seq: number }>(
    `UPDATE jobs SET last_seq = last_seq + 1, updated_ms = $at
     WHERE no = $no AND epoch = $epoch AND status = 'RUNNING' RETURNING last_seq`,
    { no: held.no, epoch, at },
  );
  if (written === undefined) throw notHeld(scope, parentId, epoch);
  insertFacts(scope, { jobNo: held.no, lastSeq: written.last_seq - 1, epoch, at }, [
    { kind: "child.spawned", turn, call_id: callId, job_id: child.id, hen_id: child.hen_id },
  ]);
  scope.sql.run("INSERT INTO job_children (parent_no, call_key, child_id) VALUES ($parentNo, $callKey, $childId)", {
    ...place,
    childId: child.id,
  });
  return queued;
}

/** The hens from the farmer's job down to this one; it ends, since no job is deeper than the rule allows. */
function chainOf(scope: Scope, id: JobId): readonly HenId[] {
  const chain: HenId[] = [];
  for (let next: JobId | null = id; next !== null; ) {
    const row: { hen_id: HenId; parent: JobId | null } | undefined = scope.sql.get(
      `SELECT hen_id, (SELECT parents.id FROM job_children JOIN jobs AS parents ON parents.no = parent_no
         WHERE child_id = jobs.id) AS parent FROM jobs WHERE id = $id`,
      { id: next },
    );
    if (row === undefined) break;
    chain.unshift(row.hen_id);
    next = row.parent;
  }
  return chain;
}

function slotsOf(scope: Scope, henId: HenId): HenSlots {
  const slots = scope.sql.get<{ slots: number }>("SELECT slots FROM hens WHERE id = $henId", { henId })?.slots ?? 0;
  const jobs = scope.sql.all<{ no: number; id: JobId }>(
    "SELECT no, id FROM jobs WHERE hen_id = $henId AND status = 'RUNNING'",
    { henId },
  );
  return { slots, running: jobs.map(({ no, id }) => ({ id, child: childOf(scope, no) })) };
}

/** A job runs its calls one after the other, so it waits for one child at most. */
function childOf(scope: Scope, parentNo: number): RunningJob["child"] {
  const row = scope.sql.get<{ id: JobId; hen_id: HenId; status: string }>(
    `SELECT jobs.id, jobs.hen_id, jobs.status FROM job_children JOIN jobs ON jobs.id = child_id
     WHERE parent_no = $parentNo AND jobs.status IN ('QUEUED', 'RUNNING') LIMIT 1`,
    { parentNo },
  );
  return row === undefined ? null : { id: row.id, henId: row.hen_id, isRunning: row.status === "RUNNING" };
}
