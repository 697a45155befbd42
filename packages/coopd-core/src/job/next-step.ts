import { CoopError } from "../errors/coop-error.ts";
import type { ContentBlock, Message } from "../ports/brain.ts";
import { addUsage, type JobUsage, NO_USAGE } from "./job.ts";
import type { JournalFact } from "./journal.ts";
import type { JobLimits } from "./limits.ts";

type Opened = Extract<JournalFact, { kind: "opened" }>;
type ToolCall = Extract<ContentBlock, { type: "tool_call" }>;
type Result = Extract<JournalFact, { kind: "tool.result" }>;

/** What a job does next. */
export type Step =
  /** Freeze prompt, system text and tools. */
  | { readonly kind: "open" }
  /** Ask the brain. */
  | { readonly kind: "ask"; readonly turn: number; readonly opened: Opened; readonly messages: readonly Message[] }
  /** Run one tool call; `intended` says that its intent is already in the journal, so it may have run. */
  | {
      readonly kind: "invoke";
      readonly turn: number;
      readonly callKeyIndex: number;
      readonly call: ToolCall;
      readonly intended: boolean;
    }
  | { readonly kind: "settle"; readonly outcome: Outcome };

/** How a job ends; `result` of a FAILED one is the last text it got. */
export type Outcome =
  | { readonly status: "DONE"; readonly result: string }
  | { readonly status: "FAILED"; readonly error: CoopError; readonly result?: string }
  | { readonly status: "CANCELLED"; readonly reason: string };

/** What the journal adds up to. */
export interface Progress {
  readonly step: Step;
  /** Number of the last turn that was started. */
  readonly turns: number;
  readonly usage: JobUsage;
}

/**
 * Reads a journal and says what comes next. It is a pure function of the journal, so a job that was cut off anywhere
 * goes on exactly where it was: finished steps are in the journal and are not run again (architecture §4).
 */
export function nextStep(
  journal: readonly JournalFact[],
  limits: Pick<JobLimits, "max_turns" | "output_tokens">,
): Progress {
  const opened = journal.find((fact) => fact.kind === "opened");
  if (opened === undefined) return { step: { kind: "open" }, turns: 0, usage: NO_USAGE };
  const messages: Message[] = [{ role: "user", content: firstMessage(opened) }];
  const results = new Map<string, Result>();
  const intents = new Set<string>();
  for (const fact of journal) {
    if (fact.kind === "tool.result") results.set(callKey(fact.turn, fact.call_id), fact);
    if (fact.kind === "tool.intent") intents.add(callKey(fact.turn, fact.call_id));
  }
  let usage = NO_USAGE;
  let turn = 0;
  let lastText: string | undefined;
  for (const fact of journal) {
    if (fact.kind !== "brain.response") continue;
    turn = fact.turn;
    usage = addUsage(usage, fact.usage);
    const content = withUniqueCallIds(fact.content);
    for (const block of content) if (block.type === "text" && block.text.trim() !== "") lastText = block.text;
    const calls = content.filter((block) => block.type === "tool_call");
    const at = { turns: turn, usage };
    // A refusal may cut a call short, so none of its calls is run.
    if (calls.length === 0 || fact.finish_reason === "refusal") {
      if (fact.finish_reason === "pause_turn" && content.length > 0) {
        messages.push({ role: "assistant", content: spoken(content) });
        continue;
      }
      return { ...at, step: { kind: "settle", outcome: finalOutcome(fact.finish_reason, lastText) } };
    }
    for (const [index, call] of calls.entries()) {
      if (results.has(callKey(turn, call.id))) continue;
      const intended = intents.has(callKey(turn, call.id));
      return { ...at, step: { kind: "invoke", turn, callKeyIndex: index, call, intended } };
    }
    // A model that ends its turn and calls tools all the same has had them run, and is done (contract/domain.md §5).
    if (fact.finish_reason === "end_turn") {
      return { ...at, step: { kind: "settle", outcome: { status: "DONE", result: lastText ?? "" } } };
    }
    messages.push({ role: "assistant", content: spoken(content) }, toolResults(calls, turn, results));
  }
  const stop = limitReached(limits, turn, usage);
  if (stop !== undefined) {
    const partial = lastText === undefined ? {} : { result: lastText };
    return { turns: turn, usage, step: { kind: "settle", outcome: { status: "FAILED", error: stop, ...partial } } };
  }
  return { turns: turn + 1, usage, step: { kind: "ask", turn: turn + 1, opened, messages } };
}

/** A call's name within its job. */
function callKey(turn: number, callId: string): string {
  return `${turn}:${callId}`;
}

function firstMessage(opened: Opened): string {
  return opened.memory === null ? opened.prompt : `${opened.memory}\n\n${opened.prompt}`;
}

/**
 * Some servers number calls from zero in every answer, or give none an id; within an answer each needs its own, or one
 * call's result would stand for another that never ran.
 */
function withUniqueCallIds(content: readonly ContentBlock[]): readonly ContentBlock[] {
  const seen = new Set<string>();
  return content.map((block, index) => {
    if (block.type !== "tool_call") return block;
    let id = block.id;
    for (let number = index; id === "" || seen.has(id); number += 1) id = `call_${number}`;
    seen.add(id);
    return id === block.id ? block : { ...block, id };
  });
}

/**
 * What is replayed to the model of its own answer: all but empty text, which providers reject (weaknesses D13). Thinking
 * and unknown blocks stay where they stood; an adapter leaves out what its wire does not take.
 */
function spoken(content: readonly ContentBlock[]): readonly ContentBlock[] {
  return content.filter((block) => block.type !== "text" || block.text.trim() !== "");
}

function toolResults(calls: readonly ToolCall[], turn: number, results: ReadonlyMap<string, Result>): Message {
  return {
    role: "user",
    content: calls.map((call) => {
      const result = results.get(callKey(turn, call.id));
      return {
        type: "tool_result",
        tool_use_id: call.id,
        content: result?.content ?? "",
        is_error: result?.is_error ?? true,
      };
    }),
  };
}

function finalOutcome(finishReason: string, lastText: string | undefined): Outcome {
  const failed = (error: CoopError): Outcome => ({
    status: "FAILED",
    error,
    ...(lastText === undefined ? {} : { result: lastText }),
  });
  if (finishReason === "max_tokens") {
    const next = "Ask for less at once, or split the job.";
    return failed(new CoopError("brain_output_cut", "the brain's last answer was cut at its token limit", { next }));
  }
  if (finishReason === "refusal") {
    const next = "Put the prompt in other words, or use another model.";
    return failed(new CoopError("brain_refused", "the model, or a filter before it, declined to answer", { next }));
  }
  return { status: "DONE", result: lastText ?? "" };
}

function limitReached(limits: Parameters<typeof nextStep>[1], turns: number, usage: JobUsage): CoopError | undefined {
  if (turns >= limits.max_turns) {
    return new CoopError(
      "limit_reached",
      `stopped by limits.max_turns: ${limits.max_turns === 1 ? "1 turn was" : `${limits.max_turns} turns were`} used`,
      {
        next: "Raise limits.max_turns in the manifest, or split the job.",
        details: { limit: "max_turns", value: limits.max_turns },
      },
    );
  }
  if (limits.output_tokens !== null && usage.output_tokens >= limits.output_tokens) {
    return new CoopError(
      "limit_reached",
      `stopped by limits.output_tokens: ${usage.output_tokens} of ${limits.output_tokens} were used`,
      { next: "Raise limits.output_tokens.", details: { limit: "output_tokens", value: limits.output_tokens } },
    );
  }
  return undefined;
}
