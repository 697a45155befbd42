import type { JobStatus } from "./job.ts";

/** What a model says, as it says it. None of it is kept: the turn's answer is in the journal once it is whole. */
export type LiveText =
  /** The model is asked. */
  | { readonly type: "turn"; readonly turn: number }
  | { readonly type: "text"; readonly turn: number; readonly delta: string }
  | { readonly type: "thinking"; readonly turn: number; readonly delta: string }
  /** The answer was cut off and begins anew: what came of this turn is void. */
  | { readonly type: "restart"; readonly turn: number };

/** What `GET /jobs/:id/stream` sends. */
export type LiveEvent =
  | LiveText
  /**
   * What lies between the last event and the next is not kept any more. slow: the client did not keep up; rerun: the job
   * went on under another claim, as after a restart. The journal has every turn that is whole.
   */
  | { readonly type: "gap"; readonly reason: "slow" | "rerun" }
  /** The last: the job has ended, or is gone with its hen (null). */
  | { readonly type: "end"; readonly status: JobStatus | null };
