import { BRAIN_PROVIDERS, JOB_STATUSES } from "coopd-core";
import { flag, henId, instant, list, orNull, record, ref, type Schema, text, uuid, whole } from "./schema-shapes.ts";

const micros = orNull(whole);
const turn = { turn: whole };
const call = { ...turn, call_id: text };

/** A fact with its place in the journal. */
const entry = (kind: string, fields: Readonly<Record<string, Schema>>, optional?: Readonly<Record<string, Schema>>) =>
  record({ kind: { const: kind }, seq: whole, at: instant, epoch: whole, ...fields }, optional);

const BLOCKS: readonly Schema[] = [
  record({ type: { const: "text" }, text }),
  record({ type: { const: "thinking" }, text }, { signature: text, redacted: text }),
  record({ type: { const: "tool_call" }, id: text, name: text, input: {} }),
  record({ type: { const: "tool_result" }, tool_use_id: text, content: text, is_error: flag }),
  record({ type: { const: "unknown" }, wire: { enum: ["anthropic", "openai"] }, block: { type: "object" } }),
];

const TOOL = record({ name: text, description: text, input_schema: { type: "object" } });
const PLAN = record({
  provider: { enum: [...BRAIN_PROVIDERS] },
  model: text,
  request_bytes: whole,
  worst: record({ input_tokens: whole, output_tokens: whole, usd_micros: micros }),
});
const ANSWERED = record(
  { provider: text, model: text, usd_micros: micros },
  { cached: { const: true }, at_most: record({ tokens: whole, usd_micros: micros }) },
);

const ENTRIES: readonly Schema[] = [
  entry(
    "opened",
    { prompt: text, system: text, memory: orNull(text), tools: list(TOOL), model: text, manifest_sha256: text },
    { route: record({ tier: { enum: ["large", "medium", "small"] }, rule: text, model: text }) },
  ),
  entry("brain.request", { ...turn, sha256: text }, { call: PLAN }),
  entry("brain.failed", {
    ...turn,
    provider: text,
    model: text,
    error_code: ref("ErrorCode"),
    error: text,
    may_be_charged: flag,
  }),
  entry(
    "brain.response",
    { ...turn, content: list(ref("ContentBlock")), usage: ref("BrainUsage"), finish_reason: text, latency_ms: whole },
    { call: ANSWERED },
  ),
  entry("tool.intent", { ...call, tool: text, input: {}, effect: { enum: ["pure", "keyed", "once"] } }),
  entry("tool.result", {
    ...call,
    tool: text,
    content: text,
    is_error: flag,
    outcome: { enum: ["known", "unknown"] },
    duration_ms: { type: "number", minimum: 0 },
  }),
  entry("child.spawned", { ...call, job_id: uuid, hen_id: henId }),
  entry(
    "child.result",
    { ...call, job_id: uuid, status: { enum: [...JOB_STATUSES] } },
    { spent: record({ tokens: whole, usd_micros: whole }) },
  ),
  entry("note", { text }),
  entry("settled", {
    status: { enum: [...JOB_STATUSES] },
    result: orNull(text),
    error: orNull(text),
    error_code: orNull(ref("ErrorCode")),
  }),
];

/** A job's journal, entry by entry. */
export const JOURNAL_SCHEMAS: Readonly<Record<string, Schema>> = {
  BrainUsage: record(
    { input_tokens: whole, output_tokens: whole, cache_tokens: whole },
    { cache_write_tokens: whole, unreported: { const: true } },
  ),
  ContentBlock: { anyOf: BLOCKS },
  JournalEntry: { anyOf: ENTRIES },
  Journal: list(ref("JournalEntry")),
};
