import {
  ATTENTION_MAX,
  ATTENTION_MS,
  type AttentionItem,
  agentNeedsYou,
  type Clock,
  CoopError,
  egressNeedsYou,
  fromInstant,
  type Hen,
  hatchNeedsYou,
  type Instant,
  isLetOutBy,
  type Job,
  type JobId,
  jobNeedsYou,
  judgeEnforcement,
  type Log,
  PAGE_MAX,
  type Store,
  type Task,
  toInstant,
  wantNeedsYou,
} from "coopd-core";
import type { EventBus } from "../watch/bus.ts";
import type { Pens } from "./pens.ts";
import type { Wants } from "./wants.ts";

/** What finding what needs a person takes. */
export interface AttentionParts {
  readonly store: Store;
  readonly pens: Pens;
  readonly wants: Wants;
  readonly clock: Clock;
  readonly log: Log;
  readonly bus: EventBus;
  /** What a DISPATCHED task waits for; null while its agent works. */
  readonly waitingFor: (task: Task) => string | null;
  /** Does something after so many ms, unless it is called off. */
  readonly later?: (work: () => void, ms: number) => () => void;
}

/** Events after which the list may be another; everything else leaves it as it is. */
const TRIGGERS: ReadonlySet<string> = new Set([
  "job_status_changed",
  "hen_created",
  "hen_state_changed",
  "hen_manifest_changed",
  "hen_deleted",
  "task_status_changed",
  "egress_denied",
]);

/** Under load there are a thousand events a second; once a second is as often as a person looks. */
const SETTLE_MS = 1_000;

/** An agent that stops saying things makes no event; while one has a task it is looked at again after this long, ms. */
const LOOK_AGAIN_MS = 30_000;

/**
 * What needs a person. It is found in the farm's state each time it is asked, so it is never out of date and nothing is lost
 * by a restart; only what a person waved aside is kept.
 */
export class Attention {
  readonly #parts: AttentionParts;
  readonly #later: NonNullable<AttentionParts["later"]>;
  #callOff: (() => void) | undefined;
  #timerMs = Number.POSITIVE_INFINITY;
  #told = "";
  #isClosed = false;

  constructor(parts: AttentionParts) {
    this.#parts = parts;
    this.#later = parts.later ?? afterTimeout;
  }

  /** The newest first, at most ATTENTION_MAX. */
  async list(): Promise<readonly AttentionItem[]> {
    return this.#find(await this.#tasksGiven());
  }

  async #find(given: readonly Task[]): Promise<readonly AttentionItem[]> {
    const dismissed = new Set(await this.#parts.store.dismissals());
    const since = toInstant(this.#parts.clock.nowMs() - ATTENTION_MS);
    const found = await Promise.all([
      this.#failedJobs(since, dismissed),
      this.#refusedHatches(),
      this.#wants(),
      this.#deniedEgress(since),
      this.#waitingAgents(given),
    ]);
    const items = found.flat().filter(({ id }) => !dismissed.has(id));
    return items.sort((a, b) => fromInstant(b.at) - fromInstant(a.at)).slice(0, ATTENTION_MAX);
  }

  /** Takes a thing out of the list. One that is not in it may have gone by itself, which is as good. @throws CoopError `bad_request` */
  async dismiss(id: string): Promise<void> {
    if (!/^[a-z]{1,16}:\S{1,480}$/.test(id)) throw new CoopError("bad_request", "that is no id of this list");
    await this.#parts.store.dismiss(id, toInstant(this.#parts.clock.nowMs()));
    this.changed();
  }

  /** Tells watchers of every change from now on. Returns the way to stop it. */
  watch(): () => void {
    const forget = this.#parts.bus.listen((events) => {
      if (events.some(({ event }) => TRIGGERS.has(event.type))) this.changed();
    });
    return () => {
      this.#isClosed = true;
      forget();
      this.#callOff?.();
    };
  }

  /** The list may have changed for a reason that is no event. */
  changed(inMs = SETTLE_MS): void {
    if (this.#isClosed) return;
    if (inMs >= this.#timerMs) return;
    this.#callOff?.();
    this.#timerMs = inMs;
    this.#callOff = this.#later(() => {
      this.#callOff = undefined;
      this.#timerMs = Number.POSITIVE_INFINITY;
      this.#tell().catch((error) => this.#parts.log.warn("what needs a person could not be read", { error }));
    }, inMs);
  }

  async #tell(): Promise<void> {
    const given = await this.#tasksGiven();
    const items = await this.#find(given);
    const now = items.map(({ id, at }) => `${id} ${at}`).join("\n");
    if (given.length > 0) this.changed(LOOK_AGAIN_MS);
    if (now === this.#told || this.#isClosed) return;
    this.#told = now;
    this.#parts.bus.notice({ type: "attention_changed", count: items.length });
  }

  /** A job that was handed on is its parent's matter. Those that were dismissed do not hide older ones. */
  async #failedJobs(since: Instant, dismissed: ReadonlySet<string>): Promise<readonly AttentionItem[]> {
    const items: AttentionItem[] = [];
    let after: JobId | undefined;
    for (;;) {
      const page = { limit: ATTENTION_MAX, ...(after === undefined ? {} : { after }) };
      const jobs: readonly Job[] = await this.#parts.store.jobs({ status: ["FAILED"], since, order: "desc" }, page);
      for (const job of jobs) {
        if (job.parent_job_id === null && !dismissed.has(`job:${job.id}`)) items.push(jobNeedsYou(job));
      }
      after = jobs.at(-1)?.id;
      if (jobs.length < ATTENTION_MAX || items.length >= ATTENTION_MAX) return items;
    }
  }

  async #refusedHatches(): Promise<readonly AttentionItem[]> {
    const hens: readonly Hen[] = await this.#parts.store.hens({ state: "DEFINED" }, { limit: PAGE_MAX });
    return hens.flatMap((hen) => {
      const verdict = judgeEnforcement(hen.manifest, this.#parts.pens.walls);
      return verdict.kind === "unenforceable" ? [hatchNeedsYou(hen, verdict)] : [];
    });
  }

  async #wants(): Promise<readonly AttentionItem[]> {
    const found = await Promise.all(
      this.#parts.wants.all().map(async ([id, want]) => {
        const waiting = await this.#parts.store.jobs({ henId: id, status: ["QUEUED"] }, { limit: PAGE_MAX });
        return waiting.length === 0 ? [] : [wantNeedsYou(id, want, want.since, waiting.length)];
      }),
    );
    return found.flat();
  }

  #waitingAgents(given: readonly Task[]): readonly AttentionItem[] {
    return given.flatMap((task) => {
      const waiting = this.#parts.waitingFor(task);
      return waiting === null || task.claimed_by === null ? [] : [agentNeedsYou(task, task.claimed_by, waiting)];
    });
  }

  #tasksGiven(): Promise<readonly Task[]> {
    return this.#parts.store.tasksIn("DISPATCHED", { limit: ATTENTION_MAX });
  }

  /** One a hen, host and port, the newest of them; what its policy lets out by now is answered. */
  async #deniedEgress(since: Instant): Promise<readonly AttentionItem[]> {
    const items = new Map<string, AttentionItem>();
    for (const entry of await this.#parts.store.deniedInJobs(since)) {
      const item = egressNeedsYou(entry);
      if (items.has(item.id)) continue;
      const hen = await this.#parts.store.hen(entry.hen_id);
      if (hen !== undefined && !isLetOutBy(hen.manifest.network, entry)) items.set(item.id, item);
    }
    return [...items.values()];
  }
}

function afterTimeout(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
