import {
  fromInstant,
  JOB_STATUSES,
  type Job,
  type JobFilter,
  type JobId,
  type JobSearch,
  type JournalEntry,
  type Page,
  uuidV7Prefix,
} from "coopd-core";
import type { Params } from "../database/statements.ts";
import { type ReadScope, readOrSetAside, readRows, toRowLimit } from "../rows/scope.ts";
import { type JobRow, SELECT_JOB, toJob } from "./job-row.ts";
import { type EntryRow, toEntry } from "./journal-row.ts";

/** One job, or undefined. */
export function job(scope: ReadScope, id: JobId): Job | undefined {
  const row = scope.sql.get<JobRow>(`${SELECT_JOB} WHERE jobs.id = $id`, { id });
  return row === undefined ? undefined : readOrSetAside(scope, () => toJob(row));
}

/** Ordered by id, from the oldest or from the newest on. */
export function jobs(scope: ReadScope, filter: JobFilter, page: Page): readonly Job[] {
  if (filter.status?.length === 0) return [];
  const { text, params } = jobsQuery(filter);
  return readRows<JobRow, Job>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) => scope.sql.all(text, { ...params, ...idRange(filter, last?.id ?? page.after), limit }),
    decode: toJob,
  });
}

/** Jobs of one step of a search: some MB of text at most, so that a commit never waits long for it. */
const SEARCHED_ROWS = 200;

/** A scan, not an index of words: see DECISIONS.md. */
export function searchJobs(scope: ReadScope, filter: JobFilter, text: string, page: Page): JobSearch {
  const wanted = text.toLowerCase();
  const limit = toRowLimit(page.limit);
  const looked = jobs(scope, filter, { ...page, limit: SEARCHED_ROWS });
  const found: Job[] = [];
  for (const one of looked) {
    if (found.length === limit) return { jobs: found, next: found.at(-1)?.id ?? null };
    if (`${one.prompt}\n${one.result ?? ""}`.toLowerCase().includes(wanted)) found.push(one);
  }
  return { jobs: found, next: looked.length < SEARCHED_ROWS ? null : (looked.at(-1)?.id ?? null) };
}

/** Ids of the filter's times, strictly behind `after` in the order of the listing. No prefix of an id is itself one. */
function idRange({ since, until, order }: JobFilter, after: string | undefined): Params {
  const low = since === undefined ? "" : uuidV7Prefix(fromInstant(since));
  const high = until === undefined ? ID_MAX : uuidV7Prefix(fromInstant(until));
  if (after === undefined) return { low, high };
  return order === "desc" ? { low, high: after < high ? after : high } : { low: after > low ? after : low, high };
}

/** Behind every id: they are of 0-9, a-f and hyphens. */
const ID_MAX = "~";

/**
 * The listing of a filter, always on an index and always in order. Statuses are asked for one by one and merged: each part
 * is a range of `jobs_by_hen` or `jobs_by_status` that is in order already, and the merge stops at the limit. A filter
 * by hen alone is all five statuses, which spares every write an index of its own. Exported for the test of its plan.
 */
export function jobsQuery(filter: JobFilter): { readonly text: string; readonly params: Params } {
  const { henId, status, parentId } = filter;
  const order = filter.order === "desc" ? "DESC" : "ASC";
  if (parentId !== undefined) return childrenQuery({ henId, status, parentId }, order);
  if (henId === undefined && status === undefined) {
    const text = `${SELECT_JOB} WHERE jobs.id > $low AND jobs.id < $high ORDER BY jobs.id ${order} LIMIT $limit`;
    return { text, params: {} };
  }
  const statuses = JOB_STATUSES.filter((one) => status === undefined || status.includes(one));
  const hen = henId === undefined ? "" : "hen_id = $henId AND ";
  const parts = statuses.map(
    (one) => `SELECT no, id FROM jobs WHERE ${hen}status = '${one}' AND id > $low AND id < $high`,
  );
  const merged = `${parts.join(" UNION ALL ")} ORDER BY id ${order} LIMIT $limit`;
  return {
    text: `${SELECT_JOB} WHERE jobs.no IN (SELECT no FROM (${merged})) ORDER BY jobs.id ${order}`,
    params: henId === undefined ? {} : { henId },
  };
}

/** A job hands on some dozens of others at most, so what else is asked for is looked up in each. */
function childrenQuery({ henId, status, parentId }: JobFilter, order: "ASC" | "DESC"): ReturnType<typeof jobsQuery> {
  const hen = henId === undefined ? "" : "AND jobs.hen_id = $henId";
  const known = JOB_STATUSES.filter((one) => status?.includes(one)).map((one) => `'${one}'`);
  const statuses = status === undefined ? "" : `AND jobs.status IN (${known.join(", ")})`;
  const text = `${SELECT_JOB} WHERE jobs.id IN
    (SELECT child_id FROM job_children WHERE parent_no = (SELECT no FROM jobs WHERE id = $parentId))
    AND jobs.id > $low AND jobs.id < $high ${hen} ${statuses} ORDER BY jobs.id ${order} LIMIT $limit`;
  return { text, params: { parentId: parentId ?? "", ...(henId === undefined ? {} : { henId }) } };
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
