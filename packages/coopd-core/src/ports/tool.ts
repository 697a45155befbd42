import type { JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { JournalFact } from "../job/journal.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { EffectClass, ToolSpec } from "./tool-spec.ts";

export interface ToolContext {
  readonly henId: HenId;
  readonly manifest: Manifest;
  readonly jobId: JobId;
  /** Unique over all calls of the farm and the same after a crash: `<job id>:<turn>:<call index>`. */
  readonly callKey: string;
  /** The claim that the call runs under, and its place in that job's journal. */
  readonly epoch: number;
  readonly turn: number;
  readonly callId: string;
  /** Adds a fact to the job's journal; it becomes durable together with the call's result. */
  readonly record: (fact: JournalFact) => void;
  /** Aborted by cancel, by a limit and by shutdown; the tool stops what it started before it returns. */
  readonly signal: AbortSignal;
}

export interface Tool {
  readonly spec: ToolSpec;
  /** The class of this very call; an input that does not parse is `pure`, since nothing will be done. */
  effectOf(input: unknown): EffectClass;
  /**
   * Runs the call. Resolves to the output object that the model is shown as compact JSON.
   * @throws CoopError `tool_input_invalid`, `path_refused`, `sandbox_failed`, `walls_missing`, `policy_denied`, `tool_failed`,
   * `timeout`, `cancelled`
   */
  invoke(input: unknown, context: ToolContext): Promise<Readonly<Record<string, unknown>>>;
}
