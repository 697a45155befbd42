import type { HenState, JobStatus, TaskStatus } from "coopd-core";

/** How a state looks: one of six tones, a shape and a word, so that none of them has to carry it alone. */
interface Look {
  readonly tone: "calm" | "busy" | "good" | "bad" | "wait" | "away";
  readonly shape: string;
  readonly word: string;
}

const LOOKS: Readonly<Record<HenState | JobStatus | TaskStatus, Look>> = {
  DEFINED: { tone: "wait", shape: "○", word: "egg" },
  HATCHING: { tone: "busy", shape: "◔", word: "hatching" },
  IDLE: { tone: "calm", shape: "●", word: "idle" },
  WORKING: { tone: "busy", shape: "▶", word: "working" },
  LEASED: { tone: "away", shape: "⬗", word: "leased" },
  SLEEPING: { tone: "away", shape: "☾", word: "asleep" },
  DORMANT: { tone: "away", shape: "☾", word: "dormant" },
  ARCHIVED: { tone: "away", shape: "▣", word: "archived" },
  QUEUED: { tone: "wait", shape: "…", word: "queued" },
  RUNNING: { tone: "busy", shape: "▶", word: "running" },
  DONE: { tone: "good", shape: "✓", word: "done" },
  FAILED: { tone: "bad", shape: "✕", word: "failed" },
  CANCELLED: { tone: "away", shape: "⊘", word: "cancelled" },
  PENDING: { tone: "wait", shape: "…", word: "pending" },
  DISPATCHED: { tone: "busy", shape: "▶", word: "dispatched" },
};

/** The word for a state, as people say it. */
export function stateWord(state: HenState | JobStatus | TaskStatus): string {
  return LOOKS[state]?.word ?? state.toLowerCase();
}

/** The state of a hen, a job or a task: colour, shape and word. */
export function StateBadge({ state }: { readonly state: HenState | JobStatus | TaskStatus }) {
  const { tone, shape, word } = LOOKS[state] ?? { tone: "calm", shape: "?", word: state };
  return (
    <span class={`badge badge-${tone}`} title={state}>
      <span class="badge-shape" aria-hidden="true">
        {shape}
      </span>
      {word}
    </span>
  );
}
