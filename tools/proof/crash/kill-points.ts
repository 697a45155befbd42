import type { JournalFact, Store } from "../../../packages/coopd-core/src/index.ts";

/** Where exactly the daemon dies. `during` is a moment after the call was made and before its answer. */
export type Place =
  | {
      readonly kind: "store";
      readonly method: keyof Store;
      readonly when: "before" | "during" | "after";
      /** Only a write that carries such a fact. */
      readonly fact?: JournalFact["kind"];
      /** Only a call whose answer is not an empty list. */
      readonly isFull?: true;
    }
  | { readonly kind: "tool"; readonly tool: string; readonly when: "before" | "during" | "after" }
  | { readonly kind: "brain"; readonly when: "text" };

/** A named point of architecture §4 at which a crash must cost nothing. */
export interface KillPoint {
  readonly name: string;
  readonly place: Place;
  /** What the harness does for the point to be met, besides submitting jobs. */
  readonly needs?: "sigterm" | "hatch";
  /** Met while the daemon starts: there is one call, not several to choose from. */
  readonly isSingle?: true;
}

/** Every named point, in the order of a job's life. */
export const KILL_POINTS: readonly KillPoint[] = [
  {
    name: "hatch-under-way",
    place: { kind: "store", method: "moveHen", when: "after" },
    needs: "hatch",
    isSingle: true,
  },
  { name: "before-enqueue", place: { kind: "store", method: "enqueue", when: "before" } },
  { name: "during-enqueue", place: { kind: "store", method: "enqueue", when: "during" } },
  { name: "after-enqueue-before-answer", place: { kind: "store", method: "enqueue", when: "after" } },
  { name: "during-claim", place: { kind: "store", method: "claim", when: "during" } },
  { name: "after-claim", place: { kind: "store", method: "claim", when: "after", isFull: true } },
  { name: "during-opened", place: { kind: "store", method: "append", when: "during", fact: "opened" } },
  { name: "after-opened", place: { kind: "store", method: "append", when: "after", fact: "opened" } },
  { name: "after-brain-request", place: { kind: "store", method: "append", when: "after", fact: "brain.request" } },
  { name: "during-brain-stream", place: { kind: "brain", when: "text" } },
  {
    name: "after-brain-response-before-append",
    place: { kind: "store", method: "append", when: "before", fact: "brain.response" },
  },
  { name: "during-intent", place: { kind: "store", method: "append", when: "during", fact: "tool.intent" } },
  { name: "after-intent-before-invoke", place: { kind: "tool", tool: "bash", when: "before" } },
  { name: "during-bash", place: { kind: "tool", tool: "bash", when: "during" } },
  { name: "after-bash-before-result", place: { kind: "tool", tool: "bash", when: "after" } },
  { name: "before-file-write", place: { kind: "tool", tool: "file_write", when: "before" } },
  { name: "after-file-write-before-result", place: { kind: "tool", tool: "file_write", when: "after" } },
  { name: "after-file-read-before-result", place: { kind: "tool", tool: "file_read", when: "after" } },
  { name: "during-result", place: { kind: "store", method: "append", when: "during", fact: "tool.result" } },
  { name: "after-result", place: { kind: "store", method: "append", when: "after", fact: "tool.result" } },
  { name: "before-settle", place: { kind: "store", method: "settle", when: "before" } },
  { name: "during-settle", place: { kind: "store", method: "settle", when: "during" } },
  { name: "after-settle", place: { kind: "store", method: "settle", when: "after" } },
  { name: "before-take-over", place: { kind: "store", method: "takeOver", when: "before" }, isSingle: true },
  { name: "during-take-over", place: { kind: "store", method: "takeOver", when: "during" }, isSingle: true },
  { name: "after-take-over", place: { kind: "store", method: "takeOver", when: "after" }, isSingle: true },
  { name: "before-close", place: { kind: "store", method: "close", when: "before" }, needs: "sigterm", isSingle: true },
  { name: "during-close", place: { kind: "store", method: "close", when: "during" }, needs: "sigterm", isSingle: true },
];

/** @throws Error for a name that is no point */
export function findKillPoint(name: string): KillPoint {
  const found = KILL_POINTS.find((point) => point.name === name);
  if (found === undefined) throw new Error(`there is no kill point "${name}"`);
  return found;
}
