import type { BrainResponse, BrainUsage, ContentBlock, CoopError, FinishReason } from "coopd-core";
import { AnswerError } from "../wire/brain-error.ts";
import { invalidAnswer } from "../wire/broken-off.ts";
import { contentTextOf, countOf, listOf, recordOf, textOf, thoughtTextOf } from "../wire/loose-json.ts";
import type { Surfaced } from "../wire/wire.ts";

/** Text and arguments of one answer, in UTF-16 units; the most tokens any model answers with fill a tenth of it. */
const ANSWER_CHARS_MAX = 8 * 1024 * 1024;
/** More calls than any model makes in one answer; bounds the search for a delta's slot. */
const CALLS_MAX = 512;

/** A tool call as it comes together; the wire numbers calls by `index`. */
interface Slot {
  readonly index: number | undefined;
  id: string;
  name: string;
  arguments: string;
  /** From servers that send the arguments as an object instead of as JSON text. */
  object: Readonly<Record<string, unknown>> | undefined;
}

/** Puts an answer together from a whole body or from the chunks of a stream (contract/brain-vault-storage.md §4). */
export class AnswerCollector {
  readonly #name: string;
  #text = "";
  #thoughts = "";
  #refusal = "";
  #finish = "";
  #usage: unknown;
  #hasChoice = false;
  #isWhole = false;
  #chars = 0;
  readonly #slots: Slot[] = [];

  /** `name` begins the errors. */
  constructor(name: string) {
    this.#name = name;
  }

  /** True for a whole body, and for a stream once the server has said why it stopped. */
  get isComplete(): boolean {
    return this.#isWhole || this.#finish !== "";
  }

  /** Takes one chunk of a stream; returns what it adds that can be shown. @throws CoopError `brain_answer_invalid` */
  addChunk(chunk: unknown): readonly Surfaced[] {
    return this.#add(chunk, "delta");
  }

  /** Takes the body of an answer that was not streamed. @throws CoopError `brain_answer_invalid` */
  addWhole(body: unknown): void {
    this.#isWhole = true;
    this.#add(body, "message");
  }

  /**
   * @throws CoopError `brain_answer_invalid` when there was no choice, or it asks for tools and names none; AnswerError when
   * the server says that it gave up
   */
  finish(): Omit<BrainResponse, "latency_ms"> {
    if (!this.#hasChoice) throw this.#invalid("the answer has no choices");
    if (this.#finish === "error" || this.#finish === "insufficient_system_resource") {
      throw new AnswerError({ type: "overloaded_error", code: "", message: `it stopped with ${this.#finish}` });
    }
    const calls = this.#slots.filter(({ name }) => name !== "");
    const text = this.#text === "" ? this.#refusal : this.#text;
    const content: ContentBlock[] = [];
    if (this.#thoughts !== "") content.push({ type: "thinking", text: this.#thoughts });
    if (text !== "") content.push({ type: "text", text });
    for (const slot of calls) content.push({ type: "tool_call", id: slot.id, name: slot.name, input: inputOf(slot) });
    const reason = this.#finishReason(calls.length > 0);
    if (calls.length === 0 && text === "" && reason === "tool_use") {
      throw this.#invalid("the answer asks for tools and names none");
    }
    return { content, usage: usageOf(this.#usage), finish_reason: reason };
  }

  #add(value: unknown, key: "delta" | "message"): readonly Surfaced[] {
    const { choices, usage } = recordOf(value);
    if (usage !== null && usage !== undefined) this.#usage = usage;
    const choice = listOf(choices)[0];
    if (choice === undefined) return [];
    this.#hasChoice = true;
    const { finish_reason, ...rest } = recordOf(choice);
    if (textOf(finish_reason) !== "") this.#finish = textOf(finish_reason);
    const part = recordOf(rest[key]);
    const text = contentTextOf(part.content);
    const thought = thoughtTextOf(part);
    this.#text += text;
    this.#thoughts += thought;
    this.#refusal += textOf(part.refusal);
    this.#count(text.length + thought.length + textOf(part.refusal).length);
    for (const call of listOf(part.tool_calls)) this.#addCall(recordOf(call), key === "message");
    const surfaced: Surfaced[] = [];
    if (thought !== "") surfaced.push({ type: "thinking", delta: thought });
    if (text !== "") surfaced.push({ type: "text", delta: text });
    return surfaced;
  }

  #addCall(call: Readonly<Record<string, unknown>>, isWhole: boolean): void {
    const fields = recordOf(call.function);
    const index = typeof call.index === "number" ? call.index : undefined;
    const [id, name, text] = [textOf(call.id), textOf(fields.name), textOf(fields.arguments)];
    const slot = (isWhole ? undefined : this.#slotFor(index, id, name)) ?? this.#openSlot(index);
    if (slot.id === "") slot.id = id;
    if (slot.name === "") slot.name = name;
    slot.arguments += text;
    if (typeof fields.arguments === "object" && fields.arguments !== null) slot.object = recordOf(fields.arguments);
    this.#count(text.length);
  }

  /** The call that a delta goes on with; undefined when it begins another. */
  #slotFor(index: number | undefined, id: string, name: string): Slot | undefined {
    const slot = index === undefined ? this.#slots.at(-1) : this.#slots.findLast((it) => it.index === index);
    if (slot === undefined || name === "" || slot.name === "") return slot;
    // A name where there is one already: some servers repeat it in every delta, others number every call 0 or none.
    const isSameCall = id === "" || slot.id === "" ? index !== undefined : id === slot.id;
    return isSameCall ? slot : undefined;
  }

  #openSlot(index: number | undefined): Slot {
    if (this.#slots.length >= CALLS_MAX) throw this.#invalid(`the answer has more than ${CALLS_MAX} tool calls`);
    const slot: Slot = { index, id: "", name: "", arguments: "", object: undefined };
    this.#slots.push(slot);
    return slot;
  }

  #finishReason(hasCalls: boolean): FinishReason {
    if (this.#text === "" && this.#refusal !== "") return "refusal";
    switch (this.#finish) {
      // Some servers say `stop`, or nothing, and call tools all the same; the model waits for their results.
      case "":
      case "stop":
        return hasCalls ? "tool_use" : "end_turn";
      case "tool_calls":
        return "tool_use";
      case "length":
        return "max_tokens";
      case "content_filter":
        return "refusal";
      default:
        return this.#finish;
    }
  }

  #invalid(message: string): CoopError {
    return invalidAnswer(this.#name, message);
  }

  #count(chars: number): void {
    this.#chars += chars;
    if (this.#chars > ANSWER_CHARS_MAX) throw this.#invalid(`the answer is longer than ${ANSWER_CHARS_MAX} characters`);
  }
}

/** Blank arguments are an empty object; what does not parse stays the raw text, for the tool to refuse by name. */
function inputOf(slot: Slot): unknown {
  if (slot.object !== undefined) return slot.object;
  if (slot.arguments.trim() === "") return {};
  try {
    return JSON.parse(slot.arguments) ?? {};
  } catch {
    return slot.arguments;
  }
}

/** The server counts what it read from its cache as a part of the prompt; ours exclude each other. */
function usageOf(value: unknown): BrainUsage {
  const usage = recordOf(value);
  const input = countOf(usage.prompt_tokens);
  const output = countOf(usage.completion_tokens);
  const cached = Math.min(countOf(recordOf(usage.prompt_tokens_details).cached_tokens), input);
  const counts = { input_tokens: input - cached, output_tokens: output, cache_tokens: cached };
  return input + output === 0 ? { ...counts, unreported: true } : counts;
}
