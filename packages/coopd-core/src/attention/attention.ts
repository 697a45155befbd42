import type { Instant, JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";

/** What may need a person. */
export type AttentionKind =
  | "job_failed"
  | "limit_hit"
  | "hatch_refused"
  | "vault_needed"
  | "walls_missing"
  | "egress_denied"
  | "agent_waiting";

/** One way to answer: a command for a terminal, and where a request does it, the request. */
export interface AttentionAction {
  readonly label: string;
  readonly command: string;
  readonly request: {
    readonly method: "POST" | "PUT" | "DELETE";
    /** Below the daemon's address, ids encoded. */
    readonly path: string;
    readonly body: unknown;
  } | null;
}

/** One thing that needs a person. It is found in the farm's state, so it goes by itself once that is mended. */
export interface AttentionItem {
  /** The same for the same thing, over restarts; a new failure of the same hen is another. */
  readonly id: string;
  readonly kind: AttentionKind;
  readonly hen_id: HenId;
  readonly job_id: JobId | null;
  readonly at: Instant;
  /** One line. */
  readonly summary: string;
  /** What a person may want to see before answering; text of a hen or a model, so hostile. Bounded. */
  readonly evidence: string | null;
  readonly actions: readonly AttentionAction[];
}

/** Told to watchers when the list has changed. */
export interface AttentionChanged {
  readonly type: "attention_changed";
  /** Things that need a person now. */
  readonly count: number;
}

/** How far back failed jobs and denied requests count, ms: what nobody answered in a week is history. */
export const ATTENTION_MS = 7 * 86_400_000;

/** Things in the list, the newest; a person who has more needs another view. */
export const ATTENTION_MAX = 200;
