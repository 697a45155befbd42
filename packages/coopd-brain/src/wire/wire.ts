import type { BrainChunk, BrainRequest, BrainResponse } from "coopd-core";
import type { SdkErrors } from "./brain-error.ts";
import type { Call } from "./open-call.ts";
import type { SealedFetch } from "./sealed-fetch.ts";

/** What differs from provider to provider. */
export interface Wire {
  /** Begins every error. */
  readonly name: string;
  readonly baseUrl: string;
  readonly endpoint: string;
  headersFor(key: string | undefined): Readonly<Record<string, string>>;
  /** One try: asks, gives what comes, and ends with the whole; throws whatever it meets. */
  answer(request: BrainRequest, attempt: Attempt): AsyncGenerator<Surfaced | Whole>;
  loadErrors(): Promise<SdkErrors>;
}

/** What one try is made with. */
export interface Attempt {
  readonly call: Call;
  readonly sealed: SealedFetch;
  readonly timeoutMs: number;
}

/** What a reader sees before the end. */
export type Surfaced = Exclude<BrainChunk, { type: "final" }>;
/** The answer, once it is whole; the last thing that a try gives. */
export interface Whole {
  readonly type: "whole";
  readonly response: Omit<BrainResponse, "latency_ms">;
}
