import { isEnded, type JournalEntry } from "../../../packages/coopd-core/src/index.ts";
import type { Farmer } from "./farmer.ts";
import type { FarmOnDisk, Story } from "./read-farm.ts";

/** What was counted, and each sentence of `broken` is a promise that was not kept. */
export interface Verdict {
  readonly broken: readonly string[];
  readonly jobs: number;
  readonly calls: number;
  /** *once* calls in flight at a kill, each shown once as outcome unknown. */
  readonly unknown: number;
}

type Result = Extract<JournalEntry, { kind: "tool.result" }>;
type Intent = Extract<JournalEntry, { kind: "tool.intent" }>;

/** Holds a farm that was killed many times, and is idle now, against architecture §4. */
export function judge(farm: FarmOnDisk, farmer: Pick<Farmer, "accepted" | "sent">): Verdict {
  const broken = [...farm.faults, ...judgeAccepted(farm, farmer)];
  let calls = 0;
  let unknown = 0;
  const known = new Set<string>();
  for (const story of farm.stories) {
    broken.push(...judgeJournal(story));
    for (const { result, intent } of pairCalls(story)) {
      calls += 1;
      const line = effectOf(intent);
      if (result.outcome === "unknown") unknown += 1;
      if (line === undefined) continue;
      known.add(line);
      const count = farm.effects.get(line) ?? 0;
      if (count > 1) broken.push(`${line} was appended ${count} times`);
      if (result.outcome === "known" && !result.is_error && count !== 1) {
        broken.push(`${line} is known to be done and stands in the file ${count} times`);
      }
    }
  }
  for (const line of farm.effects.keys())
    if (!known.has(line)) broken.push(`${line} stands in a file and in no journal`);
  return { broken, jobs: farm.stories.length, calls, unknown };
}

/** Nothing accepted is lost, nothing is there twice, nothing is there that nobody sent. */
function judgeAccepted({ stories }: FarmOnDisk, { accepted, sent }: Pick<Farmer, "accepted" | "sent">): string[] {
  const broken: string[] = [];
  const byId = new Map(stories.map((story) => [String(story.job.id), story]));
  for (const [id, tag] of accepted) {
    const story = byId.get(id);
    if (story === undefined) broken.push(`job ${id} (${tag}) was accepted and is lost`);
    else if (story.tag !== tag) broken.push(`job ${id} was accepted as ${tag} and is ${story.tag}`);
  }
  const tags = stories.map(({ tag }) => tag);
  if (new Set(tags).size !== tags.length) broken.push("a submit was stored twice");
  for (const tag of tags) if (!sent.has(tag)) broken.push(`${tag} was never sent`);
  for (const { job, tag } of stories) if (!isEnded(job.status)) broken.push(`${tag} is ${job.status} and never ended`);
  return broken;
}

/** A journal without gaps, in which every turn was answered once and every call has one intent and one result. */
function judgeJournal({ tag, journal }: Story): string[] {
  const broken: string[] = [];
  journal.forEach(({ seq }, index) => {
    if (seq !== index + 1) broken.push(`${tag}: entry ${index + 1} has seq ${seq}`);
  });
  for (const key of repeated(journal.map(toStep))) broken.push(`${tag}: ${key} stands in the journal more than once`);
  const count = (kind: JournalEntry["kind"]) => journal.filter((entry) => entry.kind === kind).length;
  if (count("opened") !== 1) broken.push(`${tag}: was opened ${count("opened")} times`);
  if (count("settled") !== 1 || journal.at(-1)?.kind !== "settled")
    broken.push(`${tag}: does not end with one settled`);
  if (count("tool.intent") !== count("tool.result")) broken.push(`${tag}: intents and results differ in number`);
  for (let at = 1; at < journal.length; at += 1) {
    if ((journal[at]?.epoch ?? 0) < (journal[at - 1]?.epoch ?? 0))
      broken.push(`${tag}: an old claim wrote entry ${at + 1}`);
  }
  for (const { intent, result } of pairCalls({ journal })) {
    const isSameClaim = intent.epoch === result.epoch;
    if (intent.effect !== "once") continue;
    if (result.outcome === "known" && !isSameClaim) broken.push(`${tag}: a once call was run again by a later claim`);
    if (result.outcome === "unknown" && isSameClaim) broken.push(`${tag}: a call is unknown to the claim that made it`);
  }
  return broken;
}

/** The step that an entry finishes; a brain may be asked again, since asking has no effect. */
function toStep(entry: JournalEntry): string | undefined {
  if (entry.kind === "brain.response") return `the answer of turn ${entry.turn}`;
  if (entry.kind === "tool.intent" || entry.kind === "tool.result")
    return `${entry.kind} ${entry.turn}:${entry.call_id}`;
  return undefined;
}

function repeated(keys: readonly (string | undefined)[]): readonly string[] {
  const seen = new Set<string>();
  return keys.filter((key) => key !== undefined && (seen.has(key) || !seen.add(key))) as string[];
}

/** Each call with its outcome. */
export function pairCalls({ journal }: Pick<Story, "journal">): readonly { intent: Intent; result: Result }[] {
  return journal.flatMap((intent) => {
    if (intent.kind !== "tool.intent") return [];
    const result = journal.find(
      (entry): entry is Result =>
        entry.kind === "tool.result" && entry.turn === intent.turn && entry.call_id === intent.call_id,
    );
    return result === undefined ? [] : [{ intent, result }];
  });
}

/** The line that a *once* call appends. */
function effectOf({ effect, input }: Intent): string | undefined {
  return effect === "once" ? /t\d{6}x:\d/.exec(JSON.stringify(input))?.[0] : undefined;
}
