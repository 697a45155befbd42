import type { JournalEntry } from "../../../packages/coopd-core/src/index.ts";
import type { Story } from "./read-farm.ts";

/**
 * How the transcripts of `killed` differ from those of `whole`, a farm that ran the same prompts without a crash; one
 * sentence each. A call that was in flight at a kill may be shown as outcome unknown, and a brain that was being asked
 * may have been asked again: nothing else may differ.
 */
export function compareTranscripts(killed: readonly Story[], whole: readonly Story[]): readonly string[] {
  const byTag = new Map(whole.map((story) => [story.tag, story]));
  return killed.flatMap((story) => {
    const model = byTag.get(story.tag);
    if (model === undefined) return [`${story.tag}: has no uninterrupted run to be compared with`];
    const difference = firstDifference(toTranscript(story), toTranscript(model, unknownCalls(story)));
    return difference === undefined ? [] : [`${story.tag}: ${difference}`];
  });
}

const keyOf = (entry: { readonly turn: number; readonly call_id: string }) => `${entry.turn}:${entry.call_id}`;

function unknownCalls({ journal }: Story): ReadonlySet<string> {
  const unknown = new Set<string>();
  for (const entry of journal) {
    if (entry.kind === "tool.result" && entry.outcome === "unknown") unknown.add(keyOf(entry));
  }
  return unknown;
}

/** What a job did without when and how fast; the results of `unknown` calls are taken for unknown. */
function toTranscript(story: Story, unknown = unknownCalls(story)): readonly string[] {
  const lines: string[] = [];
  let isShifted = false; // the brain was told otherwise than without the crash, so what it is sent hashes otherwise
  for (const entry of story.journal) {
    if (entry.kind === "tool.result" && unknown.has(keyOf(entry))) {
      isShifted = true;
      lines.push(`unknown ${keyOf(entry)}`);
      continue;
    }
    const line = toLine(entry, isShifted);
    if (entry.kind !== "brain.request" || lines.at(-1) !== line) lines.push(line);
  }
  const { status, result, error, turns, usage } = story.job;
  return [...lines, JSON.stringify({ status, result, error, turns, usage })];
}

function toLine(entry: JournalEntry, isShifted: boolean): string {
  if (entry.kind === "brain.request" && isShifted) return JSON.stringify({ kind: entry.kind, turn: entry.turn });
  const { seq, at, epoch, ...fact } = entry;
  return JSON.stringify({ ...fact, latency_ms: 0, duration_ms: 0 });
}

function firstDifference(found: readonly string[], wanted: readonly string[]): string | undefined {
  for (let at = 0; at < Math.max(found.length, wanted.length); at += 1) {
    const [here, there] = [found[at] ?? "missing", wanted[at] ?? "missing"];
    if (here === there) continue;
    const from = Math.max(0, [...here].findIndex((letter, index) => letter !== there[index]) - 30);
    const excerpt = (line: string) => line.slice(from, from + 120);
    return `line ${at + 1} has …${excerpt(here)}… and without a crash …${excerpt(there)}…`;
  }
  return undefined;
}
