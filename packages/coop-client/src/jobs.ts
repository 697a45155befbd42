import type { Job, JobLimits, JobWaiting, JournalEntry, LiveEvent } from "coopd-core";
import { readObject, readRows } from "./http/answer-shape.ts";
import type { CallOptions, MakeOptions, Transport } from "./http/transport.ts";
import { JOB_FIELDS, type JobListOptions, listJobs } from "./job-list.ts";
import { type LiveOptions, liveEvents } from "./live/live.ts";

export interface JournalOptions extends CallOptions {
  /** Only entries behind this `seq`; 0 for all. */
  readonly after?: number | undefined;
  readonly pageRows?: number | undefined;
}

/** `/hens/:id/jobs` and `/jobs…`. */
export interface JobCalls {
  /**
   * Queues a prompt; when this resolves it is durable. @returns the job's id
   * @throws CoopError `hen_not_found`, `prompt_too_large`, `queue_full`, `walls_missing`, `topic_refused`
   */
  submit(
    henId: string,
    prompt: string,
    options?: MakeOptions & {
      readonly limits?: Partial<JobLimits> | undefined;
      /** The lease that it runs under; without one it is the owner's. */
      readonly leaseId?: string | undefined;
    },
  ): Promise<string>;
  /** @throws CoopError `job_not_found` */
  get(id: string, options?: CallOptions): Promise<Job>;
  /** Why a queued job waits, and how many come before it. @throws CoopError `job_not_found` */
  waiting(id: string, options?: CallOptions): Promise<JobWaiting>;
  /**
   * Ends a job in any state but an ended one; when this resolves its processes are gone. @returns the job as it ended:
   * CANCELLED, or in another way that was quicker
   * @throws CoopError `job_not_found`, `job_ended`
   */
  cancel(id: string, options?: CallOptions): Promise<Job>;
  /** Queues what an ended job was asked for once more. @returns the new job's id @throws CoopError `job_not_found`, `hen_busy`, and as `submit` */
  retry(id: string, options?: MakeOptions): Promise<string>;
  /** Jobs in the order of creation, or from the newest on, read page by page as they are iterated. */
  list(options?: JobListOptions): AsyncIterable<Job>;
  /** A job's journal so far, in order, read page by page. @throws CoopError `job_not_found` */
  journal(id: string, options?: JournalOptions): AsyncIterable<JournalEntry>;
  /** What the job's brain says, as it says it, until the job has ended; see {@link liveEvents}. @throws CoopError `job_not_found` */
  live(id: string, options?: LiveOptions): AsyncIterable<LiveEvent>;
}

/** A page of a journal is at most some MB even when every output is long. */
const PAGE_ROWS = 200;

/** The calls over one transport. */
export function jobCalls(transport: Transport): JobCalls {
  return {
    async submit(henId, prompt, { limits, leaseId, signal, idempotencyKey } = {}) {
      const json = { prompt, limits, lease_id: leaseId }; // what is undefined is not sent
      const parts = { path: { id: henId }, json, signal, idempotencyKey };
      const answer = await transport.send("POST /hens/{id}/jobs", parts);
      return readObject<{ job_id: string }>(transport, answer, { job_id: "string" }).job_id;
    },
    async get(id, options = {}) {
      const answer = await transport.send("GET /jobs/{id}", { ...options, path: { id } });
      return readObject<Job>(transport, answer, JOB_FIELDS);
    },
    async waiting(id, options = {}) {
      const answer = await transport.send("GET /jobs/{id}/waiting", { ...options, path: { id } });
      return readObject<JobWaiting>(transport, answer, { job_id: "string", status: "string", ahead: "number" });
    },
    async cancel(id, options = {}) {
      const answer = await transport.send("POST /jobs/{id}/cancel", { ...options, path: { id } });
      return readObject<Job>(transport, answer, JOB_FIELDS);
    },
    async retry(id, { signal, idempotencyKey } = {}) {
      const answer = await transport.send("POST /jobs/{id}/retry", { path: { id }, signal, idempotencyKey });
      return readObject<{ job_id: string }>(transport, answer, { job_id: "string" }).job_id;
    },
    live: (id, options = {}) => liveEvents(transport, id, options),
    list: (options = {}) => listJobs(transport, options),
    journal: (id, { after, pageRows = PAGE_ROWS, signal } = {}) =>
      readPages<JournalEntry, number>(
        after ?? 0,
        pageRows,
        (entry) => entry.seq,
        async (last) => {
          const query = { limit: pageRows, after: last };
          const answer = await transport.send("GET /jobs/{id}/journal", { path: { id }, query, signal });
          return readRows<JournalEntry>(transport, answer, { seq: "number", kind: "string" });
        },
      ),
  };
}

/**
 * Rows page by page until a page comes short; rows that are not behind the last one are skipped, so each comes once.
 */
async function* readPages<Row, Key extends string | number>(
  after: Key,
  pageRows: number,
  keyOf: (row: Row) => Key,
  readPage: (after: Key) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  let last = after;
  for (;;) {
    const rows = await readPage(last);
    const fresh = rows.filter((row) => keyOf(row) > last);
    yield* fresh;
    const newest = fresh.at(-1);
    if (newest === undefined || rows.length !== pageRows) return;
    last = keyOf(newest);
  }
}
