import {
  assertNotSelf,
  type Clock,
  CoopError,
  type HenId,
  isEnded,
  type Job,
  type JobId,
  type Log,
  type OnceKey,
  PAGE_MAX,
  remainingLimits,
  requireSameLease,
  type Store,
  spentOf,
  type ToolContext,
} from "coopd-core";
import type { DelegateOutput } from "coopd-tools";
import type { Dispatcher } from "../orchestrator/dispatcher.ts";
import { writeDurably } from "../orchestrator/durable-writes.ts";
import type { JobEnds } from "../orchestrator/job-ends.ts";
import type { JobControl } from "./job-control.ts";
import { type NewWork, type QueueParts, queueJob } from "./queue-job.ts";
import { readHen } from "./read-hen.ts";

/** What handing work on needs. */
export interface DelegationParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly queue: QueueParts;
  readonly ends: JobEnds;
  readonly dispatcher: Dispatcher;
  readonly control: JobControl;
  /** How long a request waits for the other hen, s; the job goes on. A tool call has the job's own limits. */
  readonly requestSecs: number;
}

/** A timer counts in 32 bits of milliseconds, some 24 days. */
const TIMER_MS_MAX = 2_147_483_647;

/** Hands work from one hen to another and waits for its end by event. */
export class Delegations {
  readonly #parts: DelegationParts;
  /** Jobs with a child that may not have ended. */
  readonly #parents = new Set<JobId>();

  constructor(parts: DelegationParts) {
    this.#parts = parts;
    parts.ends.listen((id) => {
      if (this.#parents.delete(id)) void this.#endChildren(id);
    });
  }

  /** At start, before jobs run: a child whose parent has ended meanwhile is cancelled, the others end with theirs. */
  async restore(): Promise<void> {
    const { store } = this.#parts;
    for (let after: JobId | undefined; ; ) {
      const page = { limit: PAGE_MAX, ...(after === undefined ? {} : { after }) };
      const children = await store.openChildren({}, page);
      for (const { parent_job_id: parentId } of children) {
        const parent = parentId === null ? undefined : await store.job(parentId);
        if (parent === undefined) continue;
        if (isEnded(parent.status)) await this.#endChildren(parent.id);
        else this.#parents.add(parent.id);
      }
      if (children.length < PAGE_MAX) return;
      after = children.at(-1)?.id;
    }
  }

  /**
   * The `delegate` tool. The child is queued once for a call, however often the call runs; while its hen waits, the job
   * holds no place of the farm. @throws CoopError `delegation_refused`, `limit_reached`, `job_not_found`, what `admit`
   * refuses, the signal's reason
   */
  async handOn(context: ToolContext, to: HenId, prompt: string): Promise<DelegateOutput> {
    const { store, ends, dispatcher } = this.#parts;
    const { jobId, turn, callId, signal } = context;
    this.#parents.add(jobId);
    const known = await store.childOfCall({ parentId: jobId, turn, callId });
    const childId = known ?? (await this.#spawn(context, to, prompt)).id;
    const comeBack = dispatcher.park(jobId);
    try {
      const child = await ends.wait(childId, signal);
      context.record({
        kind: "child.result",
        turn,
        call_id: callId,
        job_id: childId,
        status: child.status,
        spent: spentOf(child),
      });
      return toOutput(child);
    } finally {
      await comeBack(signal);
    }
  }

  /**
   * The farmer hands a prompt on in the name of `from`: queues the job.
   * @throws CoopError `hen_not_found`, `bad_request` (blank), `delegation_refused`, what `admit` refuses
   */
  async request(from: HenId, work: NewWork, once?: OnceKey): Promise<Job> {
    const { store, queue } = this.#parts;
    if (work.prompt.trim() === "") throw new CoopError("bad_request", "the prompt is blank");
    assertNotSelf(from, work.henId);
    await readHen(store, from);
    const bound = once === undefined ? {} : { once };
    return await queueJob(queue, { ...work, depth: 1 }, (entry) =>
      store.enqueue({ ...entry, ...bound, delegatedBy: from }),
    );
  }

  /** Waits for what was requested. @throws CoopError `timeout` after `requestSecs`, with the job in details: it goes on */
  async await(id: JobId, signal: AbortSignal): Promise<DelegateOutput> {
    const { ends, requestSecs } = this.#parts;
    const limit = AbortSignal.timeout(Math.min(requestSecs * 1_000, TIMER_MS_MAX));
    try {
      return toOutput(await ends.wait(id, AbortSignal.any([signal, limit])));
    } catch (error) {
      if (signal.aborted) throw new CoopError("cancelled", "the caller went away; the job goes on");
      if (!limit.aborted) throw error;
      throw new CoopError("timeout", `job ${id} has not ended after ${requestSecs} s; it goes on`, {
        next: `Wait for it: coop job wait ${id}`,
        details: { job_id: id },
      });
    }
  }

  async #spawn(context: ToolContext, to: HenId, prompt: string): Promise<Job> {
    const { store, clock, queue, log } = this.#parts;
    const { jobId, henId, epoch, turn, callId, signal } = context;
    assertNotSelf(henId, to);
    const parent = await store.job(jobId);
    if (parent === undefined) throw new CoopError("job_not_found", `job not found: ${jobId}`);
    const hen = await store.hen(to);
    if (hen !== undefined) requireSameLease(hen, parent.lease_id);
    const work = {
      henId: to,
      prompt,
      limits: remainingLimits(parent, turn, clock.nowMs()),
      leaseId: parent.lease_id,
      depth: parent.delegation_depth + 1,
      parentJobId: jobId,
    };
    return await queueJob(queue, work, ({ job, hen, limits }) => {
      const entry = { child: job, hen, limits, parent: { epoch, turn, callId } };
      return writeDurably(() => store.spawnChild(entry), signal, log);
    });
  }

  /** Nobody waits for them any more. */
  async #endChildren(parentId: JobId): Promise<void> {
    const { store, control, log } = this.#parts;
    try {
      const children = await store.openChildren({ parentId }, { limit: PAGE_MAX });
      for (const { id } of children) await control.cancel(id).catch(ignoreEnded);
    } catch (error) {
      log.error("the jobs that an ended one handed on could not be cancelled", { job: parentId, error });
    }
  }
}

const STATUS = { DONE: "Done", FAILED: "Failed", CANCELLED: "Cancelled" } as const;

/** How a job ended, in the original's words (contract/http-api.md §3; domain.md §8). */
function toOutput(job: Job): DelegateOutput {
  const { status } = job;
  if (status === "QUEUED" || status === "RUNNING") throw new Error(`job ${job.id} is ${status} and was waited for`);
  const output = { DONE: job.result, FAILED: job.error, CANCELLED: "cancelled" }[status] ?? "";
  return { hen: job.hen_id, job_id: job.id, output, status: STATUS[status] };
}

function ignoreEnded(error: unknown): void {
  if (error instanceof CoopError && (error.code === "job_ended" || error.code === "job_not_found")) return;
  throw error;
}
