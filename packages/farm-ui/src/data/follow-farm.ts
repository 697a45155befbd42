import { batch } from "@preact/signals";
import { type HenAnswer, pause, type WatchItem } from "coop-client";
import { type HenState, isEnded, type Job, type JobStatus } from "coopd-core";
import { client } from "./client.ts";
import {
  EVENTS_KEPT,
  events,
  farm,
  hens,
  isLoaded,
  isNumbered,
  type JobStep,
  jobs,
  link,
  linkReason,
  type NumberedEvent,
  progress,
} from "./farm-state.ts";
import { oncePerFrame } from "./frame.ts";
import { loginIfEnded } from "./login.ts";
import {
  attentionChanged,
  farmChanged,
  henChanged,
  henHeard,
  jobChanged,
  readSnapshot,
  vaultChanged,
} from "./refresh.ts";

/** Between two tries to reach the farm once the client itself has given up, ms. */
const TRY_AGAIN_MS = 2_000;

const arrived: WatchItem[] = [];
const listeners = new Set<(item: WatchItem) => void>();

/** Hears everything that the farm tells, in order, as it comes. Returns the way to stop. */
export function onFarmItem(listen: (item: WatchItem) => void): () => void {
  listeners.add(listen);
  return () => void listeners.delete(listen);
}

/**
 * Keeps the page's picture of the farm true from now on: one snapshot, then what happened behind it, each event once; a gap is
 * answered by another snapshot. Nothing is asked for by the clock.
 */
export async function followFarm(): Promise<never> {
  let since: number | undefined;
  let isTrue = false;
  for (;;) {
    try {
      if (!isTrue) {
        const seq = await startOver();
        since ??= seq;
        isTrue = true;
      }
      for await (const item of client.watch({ since })) {
        if (isNumbered(item)) since = item.seq;
        take(item);
        if (item.type !== "gap") continue;
        since = item.to; // what happened behind it comes once more on top of the new picture, whose end is the same
        isTrue = false;
        break;
      }
    } catch (error) {
      loginIfEnded(error);
      link.value = isLoaded.peek() ? "lost" : "opening";
      linkReason.value = error instanceof Error ? error.message : String(error);
    }
    await pause(TRY_AGAIN_MS, undefined);
  }
}

async function startOver(): Promise<number | undefined> {
  const answer = await client.farm();
  farm.value = answer;
  await readSnapshot();
  isLoaded.value = true;
  return answer.event_seq;
}

function take(item: WatchItem): void {
  for (const listen of listeners) listen(item);
  arrived.push(item);
  apply();
}

/** A farm where fifty things a second happen is drawn ten times a second; a single change at once. */
const REST_MS = 100;

const apply = oncePerFrame(() => {
  const items = arrived.splice(0);
  batch(() => {
    const draft = new Draft();
    for (const item of items) draft.add(item);
    draft.commit();
  });
}, REST_MS);

/** The changes of one frame: each map is copied once, however much happened. */
class Draft {
  #hens: Map<string, HenAnswer> | undefined;
  #jobs: Map<string, Job> | undefined;
  #progress: Map<string, JobStep> | undefined;
  readonly #events: NumberedEvent[] = [];

  add(item: WatchItem): void {
    if (isNumbered(item)) {
      this.#events.push(item);
      farmChanged();
    }
    switch (item.type) {
      case "link_opened":
        link.value = "live";
        linkReason.value = undefined;
        farmChanged();
        vaultChanged();
        return;
      case "link_lost":
        link.value = "lost";
        linkReason.value = item.reason;
        return;
      case "attention_changed":
        attentionChanged();
        return;
      case "farm_changed":
        if (farm.value !== undefined) farm.value = { ...farm.value, stopped: item.stopped };
        return;
      case "vault_changed":
        vaultChanged();
        return;
      case "job_progress":
        this.#step(item);
        return;
      case "hen_state_changed":
        this.#henMoved(item.id, item.to, item.at);
        if (item.from === "LEASED" || item.to === "LEASED") henChanged(item.id); // whose it is
        return;
      case "hen_created":
      case "hen_manifest_changed":
        henChanged(item.id);
        return;
      case "hen_deleted":
        this.#hens ??= new Map(hens.peek());
        this.#hens.delete(item.id);
        henHeard(item.id);
        return;
      case "job_submitted":
        jobChanged(item.job_id);
        return;
      case "job_status_changed":
        this.#jobMoved(item.job_id, item.status);
        return;
    }
  }

  #henMoved(id: string, state: HenState, at: string): void {
    this.#hens ??= new Map(hens.peek());
    const hen = this.#hens.get(id);
    if (hen === undefined) henChanged(id);
    else this.#hens.set(id, { ...hen, state, updated_at: at as typeof hen.updated_at });
    henHeard(id);
  }

  #jobMoved(id: string, status: JobStatus): void {
    this.#jobs ??= new Map(jobs.peek());
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#jobs.set(id, { ...job, status });
    jobChanged(id);
    if (status === "RUNNING") return;
    this.#progress ??= new Map(progress.peek());
    if (isEnded(status) || status === "QUEUED") this.#progress.delete(id);
  }

  #step(item: Extract<WatchItem, { type: "job_progress" }>): void {
    this.#progress ??= new Map(progress.peek());
    const last = this.#progress.get(item.job_id);
    const isSame = last !== undefined && last.tool === item.tool && last.turn === item.turn;
    this.#progress.set(item.job_id, { ...item, since: isSame ? last.since : Date.now() });
  }

  commit(): void {
    if (this.#hens !== undefined) hens.value = this.#hens;
    if (this.#jobs !== undefined) jobs.value = this.#jobs;
    if (this.#progress !== undefined) progress.value = this.#progress;
    if (this.#events.length > 0) events.value = [...events.peek(), ...this.#events].slice(-EVENTS_KEPT);
  }
}
