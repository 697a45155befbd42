import type { ToolSpec } from "./tool-spec.ts";

/** The neutral shape of what a model says and hears (contract/brain-vault-storage.md §2). */
export type ContentBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly text: string; readonly signature?: string }
  /** `input` is the parsed JSON; where the model's JSON does not parse, the raw string. */
  | { readonly type: "tool_call"; readonly id: string; readonly name: string; readonly input: unknown }
  | {
      readonly type: "tool_result";
      readonly tool_use_id: string;
      readonly content: string;
      readonly is_error: boolean;
    };

/** One side's turn; a plain text stands for one text block. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: string | readonly ContentBlock[];
}

/** The provider's own word where it is not one of these. */
export type FinishReason = "end_turn" | "tool_use" | "max_tokens" | "stop_sequence" | "refusal" | (string & {});

export interface BrainUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Input tokens that were read from the provider's cache. */
  readonly cache_tokens: number;
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

/** One whole answer; `latency_ms` from sending to the last byte. */
export interface BrainResponse {
  readonly content: readonly ContentBlock[];
  readonly usage: BrainUsage;
  readonly finish_reason: FinishReason;
  readonly latency_ms: number;
}

/** What a stream is made of: text as it comes, then the whole. */
export type BrainChunk =
  | { readonly type: "text"; readonly delta: string }
  /** Exactly one, the last. */
  | { readonly type: "final"; readonly response: BrainResponse };

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
