import type { BrainResponse, BrainUsage, ContentBlock, FinishReason } from "coopd-core";
import { AnswerError } from "../wire/brain-error.ts";
import { invalidAnswer } from "../wire/broken-off.ts";
import { countOf, listOf, recordOf, textOf } from "../wire/loose-json.ts";
import { saidIn } from "../wire/said.ts";
import type { Surfaced } from "../wire/wire.ts";
import { openSlot, type Slot } from "./slot.ts";

/** Text and arguments of one answer, in UTF-16 units; the most tokens any model answers with fill a tenth of it. */
const ANSWER_CHARS_MAX = 8 * 1024 * 1024;
/** More blocks than any model answers with. */
const BLOCKS_MAX = 1024;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Puts an answer together from a whole body or from the events of a stream (contract/brain-vault-storage.md §3):
 *
 *     message_start → (content_block_start → content_block_delta* → content_block_stop)* → message_delta → message_stop
 *
 * Events of other names are left out; blocks of other types are kept as they come.
 */
export class MessageCollector {
  readonly #name: string;
  #slots = new Map<number, Slot>();
  #usage: Record<string, number> = {};
  #stopReason = "";
  #isStopped = false;
  #isSurfaced = false;
  #chars = 0;

  /** `name` begins the errors. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Nothing more belongs to the answer. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** True once the server has said why it stopped. */
  get isComplete(): boolean {
    return this.#isStopped || this.#stopReason !== "";
  }

  /**
   * Takes one event of a stream; returns what it adds that can be shown.
   * @throws CoopError `brain_answer_invalid`; AnswerError for an `error` event
   */
  addEvent(event: unknown): readonly Surfaced[] {
    const fields = recordOf(event);
    switch (fields.type) {
      case "message_start":
        return this.#start(recordOf(fields.message));
      case "content_block_start":
        return this.#open(indexOf(fields), recordOf(fields.content_block));
      case "content_block_delta":
        return this.#grow(indexOf(fields), recordOf(fields.delta));
      case "message_delta":
        this.#count(fields.usage);
        this.#stopReason = textOf(recordOf(fields.delta).stop_reason) || this.#stopReason;
        return [];
      case "message_stop":
        this.#isStopped = true;
        return [];
      case "error":
        throw new AnswerError(saidIn(event) ?? { type: "", code: "", message: "no text" });
      default:
        return [];
    }
  }

  /** Takes the body of an answer that was not streamed. @throws as {@link addEvent} */
  addWhole(body: unknown): void {
    const fields = recordOf(body);
    if (fields.type === "error") throw new AnswerError(saidIn(body) ?? { type: "", code: "", message: "no text" });
    if (!Array.isArray(fields.content)) throw invalidAnswer(this.#name, "the answer has no content");
    this.#start(fields);
    for (const [index, block] of listOf(fields.content).entries()) this.#open(index, recordOf(block));
    this.#stopReason = textOf(fields.stop_reason);
    this.#isStopped = true;
  }

  /** @throws CoopError `brain_answer_invalid` when it asks for tools and names none */
  finish(): Omit<BrainResponse, "latency_ms"> {
    const content: ContentBlock[] = [];
    for (const slot of this.#slots.values()) {
      const block = slot.finish();
      if (block !== undefined) content.push(block);
    }
    const finish_reason = reasonOf(this.#stopReason);
    if (finish_reason === "tool_use" && !content.some(({ type }) => type === "tool_call")) {
      throw invalidAnswer(this.#name, "the answer asks for tools and names none");
    }
    return { content, usage: usageOf(this.#usage), finish_reason };
  }

  /** A second start is an answer that begins anew: a server behind the server has taken over. */
  #start(message: Fields): readonly Surfaced[] {
    const wasSurfaced = this.#isSurfaced;
    this.#slots = new Map();
    this.#usage = {};
    this.#stopReason = "";
    this.#isSurfaced = false;
    this.#count(message.usage);
    return wasSurfaced ? [{ type: "restart" }] : [];
  }

  #open(index: number | undefined, block: Fields): readonly Surfaced[] {
    if (this.#slots.size >= BLOCKS_MAX)
      throw invalidAnswer(this.#name, `the answer has more than ${BLOCKS_MAX} blocks`);
    const slot = openSlot(block);
    this.#slots.set(index ?? this.#slots.size, slot);
    return this.#surface(slot.add(block));
  }

  #grow(index: number | undefined, delta: Fields): readonly Surfaced[] {
    const slot = index === undefined ? [...this.#slots.values()].at(-1) : this.#slots.get(index);
    if (slot !== undefined) return this.#surface(slot.add(delta));
    // Some compatible servers send no start for text.
    const type = textOf(delta.thinking) === "" ? "text" : "thinking";
    this.#open(index, { type });
    return this.#grow(index, delta);
  }

  #surface(added: { readonly shown: readonly Surfaced[]; readonly chars: number }): readonly Surfaced[] {
    this.#chars += added.chars;
    if (this.#chars > ANSWER_CHARS_MAX) {
      throw invalidAnswer(this.#name, `the answer is longer than ${ANSWER_CHARS_MAX} characters`);
    }
    if (added.shown.length > 0) this.#isSurfaced = true;
    return added.shown;
  }

  /** Counts in later events are of the whole answer, so the last one holds. */
  #count(usage: unknown): void {
    for (const [name, value] of Object.entries(recordOf(usage))) {
      if (typeof value === "number") this.#usage[name] = countOf(value);
    }
  }
}

function indexOf({ index }: Fields): number | undefined {
  return typeof index === "number" ? index : undefined;
}

function reasonOf(stopReason: string): FinishReason {
  if (stopReason === "") return "end_turn";
  return stopReason === "model_context_window_exceeded" ? "max_tokens" : stopReason;
}

function usageOf(usage: Readonly<Record<string, number>>): BrainUsage {
  const input = usage.input_tokens ?? 0;
  const output = usage.output_tokens ?? 0;
  const read = usage.cache_read_input_tokens ?? 0;
  const written = usage.cache_creation_input_tokens ?? 0;
  const counts = {
    input_tokens: input,
    output_tokens: output,
    cache_tokens: read,
    ...(written === 0 ? {} : { cache_write_tokens: written }),
  };
  return input + output + read + written === 0 ? { ...counts, unreported: true } : counts;
}
