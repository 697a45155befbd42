import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { LiveEvent } from "coopd-core";
import { useEffect, useState } from "preact/hooks";
import { client } from "../../data/client.ts";
import { oncePerFrame } from "../../data/frame.ts";

/** What a running job says just now. */
export interface LiveJob {
  /** Of the turn under way. */
  readonly turn: number;
  readonly text: string;
  readonly thinking: string;
  /** Something between was not kept; the journal has every turn that is whole. */
  readonly hasGap: boolean;
  readonly hasEnded: boolean;
}

const NOTHING: LiveJob = { turn: 0, text: "", thinking: "", hasGap: false, hasEnded: false };

/** Characters of one turn that are kept; what a drawer shows is its end. */
const TEXT_CHARS_MAX = 20_000;

/**
 * Follows what a job's brain says, by the job's own stream, from what of its turn the farm still has; drawn once a frame, however
 * fast it comes. A connection that is lost goes on behind its last piece. Ends with the component.
 */
export function useLiveJob(jobId: string | undefined, isRunning: boolean): ReadonlySignal<LiveJob> {
  const [live] = useState<Signal<LiveJob>>(() => signal(NOTHING));
  useEffect(() => {
    live.value = NOTHING;
    if (jobId === undefined || !isRunning) return undefined;
    const stop = new AbortController();
    void follow(jobId, live, stop.signal);
    return () => stop.abort();
  }, [jobId, isRunning]);
  return live;
}

async function follow(jobId: string, live: Signal<LiveJob>, stopped: AbortSignal): Promise<void> {
  let state = NOTHING;
  const show = oncePerFrame(() => {
    if (!stopped.aborted) live.value = state;
  });
  try {
    for await (const event of client.jobs.live(jobId, { signal: stopped, reconnectMs: Number.POSITIVE_INFINITY })) {
      state = add(state, event);
      show();
    }
  } catch {
    state = { ...state, hasGap: true }; // the farm no longer has this job's stream; its journal has all that is whole
    show();
  }
}

/** What is known after an event more. */
export function add(state: LiveJob, event: LiveEvent): LiveJob {
  switch (event.type) {
    case "turn":
    case "restart":
      return { ...NOTHING, turn: event.turn };
    case "text":
      return { ...toTurn(state, event.turn), text: end(toTurn(state, event.turn).text + event.delta) };
    case "thinking":
      return { ...toTurn(state, event.turn), thinking: end(toTurn(state, event.turn).thinking + event.delta) };
    case "gap":
      return { ...state, hasGap: true };
    case "end":
      return { ...state, hasEnded: true };
  }
}

function toTurn(state: LiveJob, turn: number): LiveJob {
  return state.turn === turn ? state : { ...NOTHING, turn };
}

function end(text: string): string {
  return text.length > TEXT_CHARS_MAX ? text.slice(-TEXT_CHARS_MAX) : text;
}
