import { setTimeout as delay } from "node:timers/promises";
import {
  type Brain,
  type BrainChunk,
  type BrainRequest,
  type BrainResponse,
  type ContentBlock,
  CoopError,
  parseScriptRef,
  promptBehindEpisodes,
  quote,
  SCRIPT_REF_FORM,
  type ScriptRef,
} from "coopd-core";
import { chooseTurn, lastToolResult } from "./choose-turn.ts";
import { fillInput, fillText, type PlaceholderSource } from "./fill-placeholders.ts";
import { parseScript } from "./parse-script.ts";
import type { Script, Turn } from "./script.ts";
import { SHIPPED_SCRIPT_NAMES, shippedScript } from "./shipped-scripts.ts";

export interface ScriptBrainParts {
  /** As in the manifest: the name of a shipped script, `file:PATH`, or `prompt`. */
  readonly model: string;
  /** Gives the text of `file:PATH`, as it was when the hen was created. Called with PATH, once, when it is first needed. */
  readonly readScript: (path: string) => Promise<string>;
  /** Waits; rejects when the signal aborts. Handed in by tests; real time otherwise. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * The scripted brain (`provider: script`): it answers from a script, without key or network, and always the same
 * (docs/scripted-brain.md). Besides the parsed script it keeps nothing between calls.
 * @throws CoopError `script_invalid` when `model` names no script; a fault in the script itself comes with the first answer
 */
export function createScriptBrain(parts: ScriptBrainParts): Brain {
  const scriptFor = createScriptSource(parseModel(parts.model), parts.readScript);
  const sleep = parts.sleep ?? ((ms, signal) => delay(ms, undefined, { signal }));
  return {
    label: `script ${parts.model}`,
    async *stream(request, signal) {
      refuseAborted(signal);
      const prompt = promptOf(request);
      const choice = chooseTurn(await scriptFor(prompt), request);
      if (choice.kind === "end") return yield final([], {});
      const { turn, number } = choice;
      await pause(turn.delay_ms ?? 0, signal, sleep);
      yield* play(turn, { turn: number, prompt, lastResult: lastToolResult(request) }, signal);
    },
  };
}

/** Some twenty characters, so that even a short answer comes in parts, as a model's does. */
const DELTA_CHARS = 20;

async function* play(turn: Turn, source: PlaceholderSource, signal: AbortSignal): AsyncGenerator<BrainChunk> {
  const content: ContentBlock[] = [];
  if (turn.text !== undefined) {
    const text = fillText(turn.text, source);
    for (const delta of toDeltas(text)) {
      refuseAborted(signal);
      yield { type: "text", delta };
    }
    content.push({ type: "text", text });
  }
  if (turn.error !== undefined) throw new CoopError(turn.error.code, turn.error.message);
  for (const [index, tool] of (turn.tools ?? []).entries()) {
    const id = `call_${source.turn}_${index + 1}`;
    content.push({ type: "tool_call", id, name: tool.name, input: fillInput(tool.input ?? {}, source) });
  }
  yield final(content, turn);
}

function final(content: readonly ContentBlock[], turn: Turn): BrainChunk {
  const response: BrainResponse = {
    content,
    usage: { input_tokens: turn.tokens?.input ?? 0, output_tokens: turn.tokens?.output ?? 0, cache_tokens: 0 },
    finish_reason: turn.finish_reason ?? (turn.tools === undefined ? "end_turn" : "tool_use"),
    // What the script says, not what the clock says: the same script gives the same journal.
    latency_ms: turn.delay_ms ?? 0,
  };
  return { type: "final", response };
}

function parseModel(model: string): Exclude<ReturnType<typeof parseScriptRef>, { kind: "fault" }> {
  const ref = parseScriptRef(model);
  if (ref.kind === "fault") {
    throw new CoopError("script_invalid", `brain.model ${quote(model)} ${ref.message}`, {
      next: `Write ${SCRIPT_REF_FORM}.`,
    });
  }
  if (ref.kind === "shipped" && shippedScript(ref.name) === undefined) {
    throw new CoopError("script_invalid", `Coop ships no script named ${quote(model)}`, {
      next: `Use ${SHIPPED_SCRIPT_NAMES.join(", ")}, file:PATH beside the manifest, or prompt.`,
    });
  }
  return ref;
}

/** Shipped scripts, each parsed at its first use: there are three, and every job would parse its own again. */
const shipped = new Map<string, Script>();

function readShipped(name: string): Script {
  const known = shipped.get(name) ?? parseScript(shippedScript(name) ?? "");
  shipped.set(name, known);
  return known;
}

/** Gives the script for a prompt; parses a text once, since a job asks some sixteen times. */
function createScriptSource(ref: ScriptRef, readScript: ScriptBrainParts["readScript"]) {
  let parsed: { readonly text: string; readonly script: Script } | undefined;
  return async (prompt: string): Promise<Script> => {
    if (ref.kind === "shipped") return readShipped(ref.name);
    if (parsed !== undefined && (ref.kind !== "prompt" || parsed.text === prompt)) return parsed.script;
    const text = ref.kind === "prompt" ? prompt : await readScript(ref.path);
    parsed = { text, script: parseScript(text) };
    return parsed.script;
  };
}

/** The job's prompt: the last part of the first user message, behind the records of earlier jobs. */
function promptOf(request: BrainRequest): string {
  const first = request.messages.find(({ role }) => role === "user")?.content ?? "";
  const text =
    typeof first === "string" ? first : first.flatMap((it) => (it.type === "text" ? [it.text] : [])).join("\n");
  return promptBehindEpisodes(text);
}

async function pause(ms: number, signal: AbortSignal, sleep: NonNullable<ScriptBrainParts["sleep"]>): Promise<void> {
  if (ms === 0) return;
  try {
    await sleep(ms, signal);
  } catch (error) {
    refuseAborted(signal);
    throw error;
  }
  refuseAborted(signal);
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new CoopError("cancelled", "the scripted brain was told to stop", { cause: signal.reason });
}

/** Cuts between characters, never inside one. */
function* toDeltas(text: string): Generator<string> {
  let delta = "";
  for (const char of text) {
    delta += char;
    if (delta.length < DELTA_CHARS) continue;
    yield delta;
    delta = "";
  }
  if (delta !== "") yield delta;
}
