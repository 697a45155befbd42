import { type JobId, type JournalEntry, type JournalFact, toInstant } from "coopd-core";
import { DamagedRow, readBody } from "../rows/damaged-row.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";
import type { Shape } from "../rows/shape.ts";

/** A journal entry as every read selects it. */
export interface EntryRow {
  readonly seq: number;
  readonly epoch: number;
  readonly at_ms: number;
  readonly body: string;
}

/** What recovery reads of each kind; more would only make sound entries of a later version look damaged. */
const FACTS: Readonly<Record<JournalFact["kind"], Shape>> = {
  opened: { prompt: "text", system: "text", memory: "text?", tools: "list", model: "text", manifest_sha256: "text" },
  "brain.request": { turn: "number", sha256: "text" },
  "brain.failed": { turn: "number", provider: "text", model: "text", error_code: "text" },
  "brain.response": { turn: "number", content: "list", usage: "object", finish_reason: "text" },
  "tool.intent": { turn: "number", call_id: "text", tool: "text", effect: "text" },
  "tool.result": { turn: "number", call_id: "text", tool: "text", content: "text", outcome: "text" },
  "child.spawned": { turn: "number", call_id: "text", job_id: "text", hen_id: "text" },
  "child.result": { turn: "number", call_id: "text", job_id: "text", status: "text" },
  note: { text: "text" },
  settled: { status: "text", result: "text?", error: "text?", error_code: "text?" },
};

/** @throws DamagedRow */
export function toEntry(jobId: JobId, row: EntryRow): JournalEntry {
  const key = `${jobId}:${row.seq}`;
  const fact = readBody<JournalFact>("journal", key, row.body, { kind: "text" });
  if (!Object.hasOwn(FACTS, fact.kind)) throw new DamagedRow("journal", key, `has no such kind: ${fact.kind}`);
  readBody("journal", key, row.body, FACTS[fact.kind]);
  return { ...fact, seq: row.seq, at: toInstant(row.at_ms), epoch: row.epoch };
}

/** Writes facts behind `lastSeq`; the caller has raised the job's `last_seq` under its guard. */
export function insertFacts(
  scope: WriteScope,
  place: { readonly jobNo: number; readonly lastSeq: number; readonly epoch: number; readonly at: number },
  facts: readonly JournalFact[],
): void {
  for (const [index, fact] of facts.entries()) {
    scope.sql.run("INSERT INTO journal (job_no, seq, epoch, at_ms, body) VALUES ($jobNo, $seq, $epoch, $at, $body)", {
      jobNo: place.jobNo,
      seq: place.lastSeq + 1 + index,
      epoch: place.epoch,
      at: place.at,
      body: JSON.stringify(fact),
    });
  }
}

/** The whole journal, or undefined when entries of it are in the quarantine. @throws DamagedRow */
export function readSoundJournal(
  scope: Scope,
  job: { readonly no: number; readonly id: JobId; readonly last_seq: number },
): readonly JournalEntry[] | undefined {
  const rows = scope.sql.all<EntryRow>("SELECT seq, epoch, at_ms, body FROM journal WHERE job_no = $no ORDER BY seq", {
    no: job.no,
  });
  if (rows.length !== job.last_seq) return undefined;
  return rows.map((row) => toEntry(job.id, row));
}
