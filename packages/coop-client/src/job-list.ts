import type { Job, JobStatus } from "coopd-core";
import { readRows } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";

export interface JobListOptions extends CallOptions {
  readonly henId?: string | undefined;
  /** That this job handed on. */
  readonly parentJobId?: string | undefined;
  readonly status?: readonly JobStatus[] | undefined;
  /** Created then or later, RFC 3339 with a zone. */
  readonly since?: string | undefined;
  /** Created before then. */
  readonly until?: string | undefined;
  /** Prompt or result has this in it, in capitals or not. */
  readonly text?: string | undefined;
  /** `desc`: the newest first. */
  readonly order?: "asc" | "desc" | undefined;
  /** Only jobs behind this one in the order of the list. */
  readonly after?: string | undefined;
  /** Rows of one request, 1–1000. */
  readonly pageRows?: number | undefined;
}

/** A page of jobs is at most some MB even when every result is long. */
const PAGE_ROWS = 200;

/** What every job of any coopd has. */
export const JOB_FIELDS = { id: "string", hen_id: "string", status: "string" } as const;

/**
 * Jobs page by page until a page comes short. The original knows but `hen_id` and answers with the whole list, oldest
 * first: rows that are not behind the last one are skipped, a page without news is the end, and what it did not filter or
 * turn round is done here.
 */
export async function* listJobs(transport: Transport, options: JobListOptions): AsyncGenerator<Job> {
  const { henId, parentJobId, status, since, until, text, order, pageRows = PAGE_ROWS, signal } = options;
  const isDown = order === "desc";
  const words = { status: status?.join(","), since, until, q: text, order, limit: pageRows };
  const filter = { hen_id: henId, parent_job_id: parentJobId, ...words };
  let last = options.after;
  for (;;) {
    const answer = await transport.send("GET /jobs", { query: { ...filter, after: last }, signal });
    const rows = readRows<Job>(transport, answer, JOB_FIELDS);
    const isWhole = isDown && isRising(rows);
    const isBehind = (job: Job) => last === undefined || (isDown ? job.id < last : job.id > last);
    const fresh = (isWhole ? rows.toReversed() : rows).filter(isBehind);
    yield* fresh.filter((job) => matches(job, options));
    const end = fresh.at(-1);
    if (end === undefined || isWhole || rows.length !== pageRows) return;
    last = end.id;
  }
}

function isRising(rows: readonly Job[]): boolean {
  const [first, second] = rows;
  return first !== undefined && second !== undefined && first.id < second.id;
}

function matches(job: Job, { parentJobId, status, since, until, text }: JobListOptions): boolean {
  const createdMs = Date.parse(job.created_at);
  return (
    (parentJobId === undefined || job.parent_job_id === parentJobId) &&
    (status?.includes(job.status) ?? true) &&
    (since === undefined || createdMs >= Date.parse(since)) &&
    (until === undefined || createdMs < Date.parse(until)) &&
    (text === undefined || `${job.prompt}\n${job.result ?? ""}`.toLowerCase().includes(text.toLowerCase()))
  );
}
