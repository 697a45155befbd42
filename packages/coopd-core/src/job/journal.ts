import type { ErrorCode } from "../errors/codes.ts";
import type { Instant, JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { Route } from "../models/choose-route.ts";
import type { BrainCall, BrainUsage, ContentBlock, FinishReason } from "../ports/brain.ts";
import type { CallPlan } from "../ports/brain-calls.ts";
import type { EffectClass, ToolSpec } from "../ports/tool-spec.ts";
import type { HandedSpend } from "../spend/spend.ts";
import type { JobStatus } from "./job.ts";

/**
 * The truth about a job: an append-only list (architecture §4). What depends on an entry starts only after that entry
 * is durable.
 *
 *     opened → ((brain.request → brain.failed)* → brain.request → brain.response → (tool.intent → tool.result)*)* → settled
 */
export type JournalFact =
  /** Everything the job was started with, frozen, so that a later edit of the hen cannot change a run under way. */
  | {
      readonly kind: "opened";
      readonly prompt: string;
      readonly system: string;
      /** Past episodes, quoted as data at user level; null when the hen remembers nothing. */
      readonly memory: string | null;
      readonly tools: readonly ToolSpec[];
      readonly model: string;
      /** The model that `auto_route` chose for the whole job; absent where the manifest names it. */
      readonly route?: Route;
      /** SHA-256 of the manifest's JSON, hex. */
      readonly manifest_sha256: string;
    }
  /** One call of one model. Absent `call`: journals of before calls were priced. */
  | { readonly kind: "brain.request"; readonly turn: number; readonly sha256: string; readonly call?: CallPlan }
  /** The call gave no answer; another one for the same turn may follow, of the same model or of a fallback. */
  | {
      readonly kind: "brain.failed";
      readonly turn: number;
      readonly provider: string;
      readonly model: string;
      readonly error_code: ErrorCode;
      readonly error: string;
      readonly may_be_charged: boolean;
    }
  | {
      readonly kind: "brain.response";
      readonly turn: number;
      readonly content: readonly ContentBlock[];
      readonly usage: BrainUsage;
      readonly finish_reason: FinishReason;
      readonly latency_ms: number;
      /** Who answered and what it cost; absent in journals of before calls were priced. */
      readonly call?: BrainCall;
    }
  | {
      readonly kind: "tool.intent";
      readonly turn: number;
      readonly call_id: string;
      readonly tool: string;
      readonly input: unknown;
      readonly effect: EffectClass;
    }
  | {
      readonly kind: "tool.result";
      readonly turn: number;
      readonly call_id: string;
      readonly tool: string;
      /** What the brain is told: the output as compact JSON, or `ERROR: …`. */
      readonly content: string;
      readonly is_error: boolean;
      /** `unknown` when the daemon died while a *once* call ran, so nobody can say whether it happened. */
      readonly outcome: "known" | "unknown";
      readonly duration_ms: number;
    }
  | {
      readonly kind: "child.spawned";
      readonly turn: number;
      readonly call_id: string;
      readonly job_id: JobId;
      readonly hen_id: HenId;
    }
  | {
      readonly kind: "child.result";
      readonly turn: number;
      readonly call_id: string;
      readonly job_id: JobId;
      readonly status: JobStatus;
      /** What it and the jobs that it handed on have used, which counts against this job's own ceilings. */
      readonly spent?: HandedSpend;
    }
  | { readonly kind: "note"; readonly text: string }
  | {
      readonly kind: "settled";
      readonly status: JobStatus;
      readonly result: string | null;
      readonly error: string | null;
      readonly error_code: ErrorCode | null;
    };

/** A fact with its place in the job's journal: `seq` counts from 1 without gaps; `epoch` names the claim that wrote it. */
export type JournalEntry = JournalFact & { readonly seq: number; readonly at: Instant; readonly epoch: number };
