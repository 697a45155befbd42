import type { AgentSpec } from "coopd-core";
import type { Terminal } from "./terminal.ts";

/** How a task that was typed into a terminal is seen to be done. */
export interface DoneRules {
  /** The manifest's `agent`; without it only a person says when a task is done. */
  readonly agent: AgentSpec | null;
  /** What was typed: a marker that it holds itself is echoed, and says nothing. */
  readonly prompt: string;
}

/** Whole escape sequences, as the sieve passes them on. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])/g;

/**
 * Watches for the marker, or for a silence of `idle_secs` that follows some output. Calls `done` once; returns the way to
 * stop. Nothing is guessed: an agent whose manifest declares neither is never taken for done, since one that waits for an
 * answer is as quiet as one that has finished.
 */
export function watchForDone(terminal: Terminal, { agent, prompt }: DoneRules, done: () => void, died: () => void) {
  const marker = agent?.done_marker ?? null;
  const looksFor = marker === null || prompt.includes(marker) ? undefined : marker;
  const idleMs = agent?.idle_secs == null ? undefined : agent.idle_secs * 1_000;
  const decoder = new TextDecoder();
  let tail = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    unfollow();
  };
  const unfollow = terminal.follow({
    output(bytes) {
      clearTimeout(timer);
      if (idleMs !== undefined) timer = setTimeout(finish, idleMs);
      if (looksFor === undefined) return;
      tail += decoder.decode(bytes, { stream: true }).replace(SEQUENCES, "");
      if (tail.includes(looksFor)) finish();
      else tail = tail.slice(-looksFor.length);
    },
    died() {
      stop();
      died();
    },
  });
  function finish(): void {
    stop();
    done();
  }
  return stop;
}
