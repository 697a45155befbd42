import type { ToolSpec } from "./tool-spec.ts";

/** The neutral shape of what a model says and hears (contract/brain-vault-storage.md §2); `unknown` is ours. */
export type ContentBlock =
  | { readonly type: "text"; readonly text: string }
  /**
   * `signature` and `redacted` are the provider's own and opaque: it wants the block back unchanged with the results of the
   * tools that it thought about, and no other provider takes them. A redacted one has no text.
   */
  | { readonly type: "thinking"; readonly text: string; readonly signature?: string; readonly redacted?: string }
  /** `input` is the parsed JSON; where the model's JSON does not parse, the raw string. */
  | { readonly type: "tool_call"; readonly id: string; readonly name: string; readonly input: unknown }
  | {
      readonly type: "tool_result";
      readonly tool_use_id: string;
      readonly content: string;
      readonly is_error: boolean;
    }
  /** What this version does not know: kept as it came, and given back as it is to the wire that it came from. */
  | { readonly type: "unknown"; readonly wire: BrainWire; readonly block: Readonly<Record<string, unknown>> };

/** A wire format with blocks of its own. */
export type BrainWire = "anthropic" | "openai";

/** One side's turn; a plain text stands for one text block. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: string | readonly ContentBlock[];
}

/**
 * The provider's own word where it is not one of these. `max_tokens`: cut, at whatever limit; `pause_turn`: the model wants
 * to hear its own words back and go on.
 */
export type FinishReason =
  | "end_turn"
  | "tool_use"
  | "max_tokens"
  | "stop_sequence"
  | "refusal"
  | "pause_turn"
  | (string & {});

/** Tokens of one call. The three kinds of input exclude each other: together they are all that was sent. */
export interface BrainUsage {
  /** Input that was neither read from the provider's cache nor written to it. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Input that was read from the provider's cache. */
  readonly cache_tokens: number;
  /** Input that was written to the provider's cache; absent where there is none, as in journals of before it was counted. */
  readonly cache_write_tokens?: number;
  /** The server named no counts, so the zeros mean "unknown", not "nothing". */
  readonly unreported?: true;
}

/** Everything a model is told for one answer. */
export interface BrainRequest {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly temperature: number;
  readonly max_tokens: number;
  readonly stop_seq: readonly string[];
}

/** Who gave an answer, and what it cost. */
export interface BrainCall {
  readonly provider: string;
  readonly model: string;
  /** Millionths of a US dollar; null where the price is unknown. */
  readonly usd_micros: number | null;
  /** The answer came from the farm's own cache: nobody was asked. */
  readonly cached?: true;
  /** Only where the server counted nothing: the most that it can have been. */
  readonly at_most?: { readonly tokens: number; readonly usd_micros: number | null };
}

/** One whole answer; `latency_ms` from sending to the last byte. */
export interface BrainResponse {
  readonly content: readonly ContentBlock[];
  readonly usage: BrainUsage;
  readonly finish_reason: FinishReason;
  readonly latency_ms: number;
  /** Said by what stands before the adapters; an adapter leaves it out. */
  readonly call?: BrainCall;
}

/** What a stream is made of: text as it comes, then the whole. */
export type BrainChunk =
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "thinking"; readonly delta: string }
  /** The answer was cut off and begins anew: what came of it is void. Only what shows text as it comes needs it. */
  | { readonly type: "restart" }
  /** Exactly one, the last. */
  | { readonly type: "final"; readonly response: BrainResponse };

/** A key for as long as a call needs it; the vault's `Secret` is one. Never print what it reveals. */
export interface BrainKey {
  /** @throws CoopError `secret_unavailable` when it was closed */
  reveal(): string;
}

/** A model client. Streaming is the only way in; an adapter for a server that cannot stream sends one `final`. */
export interface Brain {
  /** Names provider and model in logs and errors, as `openai-compat tiny-local`. */
  readonly label: string;
  /**
   * One answer. Ends with `final`, or throws a CoopError with a `brain_…` code; an abort of `signal` ends it with
   * `cancelled`. It holds no state between calls, so a call may be made again after a crash.
   */
  stream(request: BrainRequest, signal: AbortSignal): AsyncIterable<BrainChunk>;
}
