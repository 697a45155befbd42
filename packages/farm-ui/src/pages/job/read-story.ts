import type { ContentBlock, JournalEntry } from "coopd-core";

type Of<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { readonly kind: Kind }>;

/** One call of a tool, as far as it has come. */
export interface ToolRun {
  readonly callId: string;
  readonly name: string;
  readonly input: unknown;
  intent?: Of<"tool.intent">;
  result?: Of<"tool.result">;
  child?: Of<"child.spawned">;
  childResult?: Of<"child.result">;
  /** Its result is of another time than its intent: the daemon was started again in between. */
  isResumed?: boolean;
}

/** What happened within a turn, in order. */
export type StoryItem =
  | { readonly kind: "text" | "thinking"; readonly text: string; readonly isRedacted?: boolean }
  | { readonly kind: "tool"; readonly run: ToolRun }
  | { readonly kind: "other"; readonly block: unknown }
  | { readonly kind: "failed"; readonly entry: Of<"brain.failed"> }
  | { readonly kind: "note"; readonly entry: Of<"note"> }
  /** The job was taken up again: the daemon was started anew, or what it had waited for was there. */
  | { readonly kind: "resumed"; readonly at: string };

/** One question to the brain, and what came of it. */
export interface StoryTurn {
  readonly turn: number;
  readonly items: StoryItem[];
  /** Its calls of models; the last may have been answered. */
  readonly requests: Of<"brain.request">[];
  response?: Of<"brain.response">;
}

/** A journal as it reads: who asked what, turn by turn, and the end. */
export interface Story {
  readonly opened: Of<"opened"> | undefined;
  /** What was noted before the first turn. */
  readonly before: readonly StoryItem[];
  readonly turns: readonly StoryTurn[];
  readonly settled: Of<"settled"> | undefined;
}

/** Makes a story of a journal; entries that this page does not know are left to the journal's own view. */
export function readStory(entries: readonly JournalEntry[]): Story {
  const before: StoryItem[] = [];
  const turns: StoryTurn[] = [];
  let opened: Of<"opened"> | undefined;
  let settled: Of<"settled"> | undefined;
  let epoch: number | undefined;
  for (const entry of entries) {
    const here = turns.at(-1)?.items ?? before;
    if (epoch !== undefined && entry.epoch !== epoch && entry.kind !== "settled") {
      here.push({ kind: "resumed", at: entry.at });
    }
    epoch = entry.epoch;
    if (entry.kind === "opened") opened = entry;
    else if (entry.kind === "settled") settled = entry;
    else if (entry.kind === "note") here.push({ kind: "note", entry });
    else addToTurn(turnOf(turns, entry.turn), entry);
  }
  return { opened, before, turns, settled };
}

function turnOf(turns: StoryTurn[], turn: number): StoryTurn {
  const last = turns.at(-1);
  if (last?.turn === turn) return last;
  const found = turns.find((it) => it.turn === turn);
  if (found !== undefined) return found;
  const made: StoryTurn = { turn, items: [], requests: [] };
  turns.push(made);
  return made;
}

function addToTurn(turn: StoryTurn, entry: Exclude<JournalEntry, Of<"opened" | "settled" | "note">>): void {
  switch (entry.kind) {
    case "brain.request":
      turn.requests.push(entry);
      return;
    case "brain.failed":
      turn.items.push({ kind: "failed", entry });
      return;
    case "brain.response":
      turn.response = entry;
      turn.items.push(...entry.content.map(toItem));
      return;
    case "tool.intent": {
      const run = runOf(turn, entry.call_id, entry.tool, entry.input);
      run.intent = entry;
      return;
    }
    case "tool.result": {
      const run = runOf(turn, entry.call_id, entry.tool, undefined);
      run.result = entry;
      run.isResumed = run.intent !== undefined && run.intent.epoch !== entry.epoch;
      return;
    }
    case "child.spawned":
      runOf(turn, entry.call_id, "delegate", undefined).child = entry;
      return;
    case "child.result":
      runOf(turn, entry.call_id, "delegate", undefined).childResult = entry;
  }
}

function runOf(turn: StoryTurn, callId: string, name: string, input: unknown): ToolRun {
  for (const item of turn.items) if (item.kind === "tool" && item.run.callId === callId) return item.run;
  // Ids that a model gave twice, or not at all, were made anew by the daemon: the first call of that tool without an intent.
  for (const item of turn.items) {
    if (item.kind !== "tool" || item.run.name !== name || item.run.intent !== undefined) continue;
    Object.assign(item.run, { callId });
    return item.run;
  }
  const run: ToolRun = { callId, name, input };
  turn.items.push({ kind: "tool", run });
  return run;
}

function toItem(block: ContentBlock): StoryItem {
  if (block.type === "text") return { kind: "text", text: block.text };
  if (block.type === "thinking") {
    return { kind: "thinking", text: block.text, isRedacted: block.redacted !== undefined };
  }
  if (block.type === "tool_call") {
    return { kind: "tool", run: { callId: block.id, name: block.name, input: block.input } };
  }
  return { kind: "other", block };
}

/** A tool's call in a line: what a person would look for first in its input. */
export function gistOf(input: unknown): string {
  if (typeof input === "string") return input;
  if (typeof input !== "object" || input === null) return "";
  const fields = input as Readonly<Record<string, unknown>>;
  for (const key of ["command", "path", "url", "to", "prompt", "query"]) {
    const value = fields[key];
    if (typeof value === "string") return key === "to" ? `${value}: ${String(fields.prompt ?? "")}` : value;
  }
  return JSON.stringify(input);
}
