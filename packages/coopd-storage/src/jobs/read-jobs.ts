import { JOB_STATUSES, type Job, type JobFilter, type JobId, type JournalEntry, type Page } from "coopd-core";
import type { Params } from "../database/statements.ts";
import { type ReadScope, readOrSetAside, readRows, toRowLimit } from "../rows/scope.ts";
import { type JobRow, SELECT_JOB, toJob } from "./job-row.ts";
import { type EntryRow, toEntry } from "./journal-row.ts";

export function job(scope: ReadScope, id: JobId): Job | undefined {
  const row = scope.sql.get<JobRow>(`${SELECT_JOB} WHERE jobs.id = $id`, { id });
  return row === undefined ? undefined : readOrSetAside(scope, () => toJob(row));
}

/** Ordered by id. */
export function jobs(scope: ReadScope, filter: JobFilter, page: Page): readonly Job[] {
  if (filter.status?.length === 0) return [];
  const { text, params } = jobsQuery(filter);
  return readRows<JobRow, Job>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) => scope.sql.all(text, { ...params, after: last?.id ?? page.after ?? "", limit }),
    decode: toJob,
  });
}

/**
 * The listing of a filter, always on an index and always in order. Statuses are asked for one by one and merged: each part
 * is a range of `jobs_by_hen` or `jobs_by_status` that is in order already, and the merge stops at the limit. A filter
 * by hen alone is all five statuses, which spares every write an index of its own. Exported for the test of its plan.
 */
export function jobsQuery(filter: JobFilter): { readonly text: string; readonly params: Params } {
  const { henId, status } = filter;
  if (henId === undefined && status === undefined) {
    return { text: `${SELECT_JOB} WHERE jobs.id > $after ORDER BY jobs.id LIMIT $limit`, params: {} };
  }
  const statuses = JOB_STATUSES.filter((one) => status === undefined || status.includes(one));
  const hen = henId === undefined ? "" : "hen_id = $henId AND ";
  const parts = statuses.map((one) => `SELECT no, id FROM jobs WHERE ${hen}status = '${one}' AND id > $after`);
  const merged = `${parts.join(" UNION ALL ")} ORDER BY id LIMIT $limit`;
  return {
    text: `${SELECT_JOB} WHERE jobs.no IN (SELECT no FROM (${merged})) ORDER BY jobs.id`,
    params: henId === undefined ? {} : { henId },
  };
}

/** Newest first. */
export function latestJobs(scope: ReadScope, count: number): readonly Job[] {
  return readRows<JobRow, Job>(scope, toRowLimit(count), {
    fetch: (last, limit) =>
      last === undefined
        ? scope.sql.all(`${SELECT_JOB} ORDER BY jobs.id DESC LIMIT $limit`, { limit })
        : scope.sql.all(`${SELECT_JOB} WHERE jobs.id < $before ORDER BY jobs.id DESC LIMIT $limit`, {
            before: last.id,
            limit,
          }),
    decode: toJob,
  });
}

/** Ordered by seq. Empty for a job that is not there. */
export function journal(
  scope: ReadScope,
  id: JobId,
  page: { readonly after: number; readonly limit: number },
): readonly JournalEntry[] {
  return readRows<EntryRow, JournalEntry>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) =>
      scope.sql.all(
        `SELECT seq, epoch, at_ms, body FROM journal
         WHERE job_no = (SELECT no FROM jobs WHERE id = $id) AND seq > $after ORDER BY seq LIMIT $limit`,
        { id, after: last?.seq ?? page.after, limit },
      ),
    decode: (row) => toEntry(id, row),
  });
}
