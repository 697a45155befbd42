import type { Job, JobId, Page } from "coopd-core";
import { type ReadScope, readRows, type Scope, toRowLimit } from "../rows/scope.ts";
import { type JobRow, SELECT_JOB, toJob } from "./job-row.ts";

/** The id of the job that a call handed on, though the job itself may be gone with its hen. */
export function childOfCall(
  scope: Scope,
  call: { readonly parentId: JobId; readonly turn: number; readonly callId: string },
): JobId | undefined {
  const row = scope.sql.get<{ child_id: JobId }>(
    `SELECT child_id FROM job_children
     WHERE parent_no = (SELECT no FROM jobs WHERE id = $parentId) AND call_key = $callKey`,
    { parentId: call.parentId, callKey: toCallKey(call) },
  );
  return row?.child_id;
}

/** A call's name within its job. */
export function toCallKey(call: { readonly turn: number; readonly callId: string }): string {
  return `${call.turn}:${call.callId}`;
}

/** Jobs that were handed on and have not ended, by id: those of one parent, which waits for one at a time, or all. */
export function openChildren(scope: ReadScope, filter: { readonly parentId?: JobId }, page: Page): readonly Job[] {
  const { parentId } = filter;
  const ofParent = "AND job_children.parent_no = (SELECT no FROM jobs WHERE id = $parentId)";
  const text = `${SELECT_JOB} JOIN job_children ON job_children.child_id = jobs.id
    WHERE jobs.status IN ('QUEUED', 'RUNNING') ${parentId === undefined ? "" : ofParent}
      AND jobs.id > $after ORDER BY jobs.id LIMIT $limit`;
  return readRows<JobRow, Job>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) => {
      const after = last?.id ?? page.after ?? "";
      return scope.sql.all(text, parentId === undefined ? { after, limit } : { parentId, after, limit });
    },
    decode: toJob,
  });
}
