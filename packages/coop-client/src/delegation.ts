import { readObject } from "./http/answer-shape.ts";
import type { MakeOptions, Transport } from "./http/transport.ts";

/** How work that was handed on ended. */
export interface Delegated {
  readonly hen: string;
  readonly job_id: string;
  /** The result, the error, or `cancelled`. */
  readonly output: string;
  readonly status: "Done" | "Failed" | "Cancelled";
}

/** `/hens/:id/delegate`. */
export interface DelegationCalls {
  /**
   * Hands a prompt to `to` in the name of `from`, and resolves when that job has ended, however it did.
   * @throws CoopError `delegation_refused`, `hen_not_found`; `timeout` (details.job_id) when the daemon waits no longer: the
   * job goes on
   */
  delegate(
    from: string,
    to: string,
    prompt: string,
    options?: MakeOptions & { readonly leaseId?: string | undefined },
  ): Promise<Delegated>;
}

/** The call over one transport; give it time: the daemon itself waits three minutes unless told otherwise. */
export function delegationCalls(transport: Transport): DelegationCalls {
  return {
    async delegate(from, to, prompt, { leaseId, signal, idempotencyKey } = {}) {
      const json = leaseId === undefined ? { to, prompt } : { to, prompt, lease_id: leaseId };
      const parts = { path: { id: from }, json, signal, idempotencyKey };
      const answer = await transport.send("POST /hens/{id}/delegate", parts);
      return readObject<Delegated>(transport, answer, { job_id: "string", output: "string", status: "string" });
    },
  };
}
