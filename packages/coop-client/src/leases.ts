import type { CallOptions, Transport } from "./http/transport.ts";

/** A lease as it is asked for. */
export interface LeaseRequest {
  readonly renter: string;
  /** What jobs of the lease carry. */
  readonly leaseId: string;
  /** RFC 3339; undefined when only a release ends it. */
  readonly expiresAt?: string | undefined;
}

/** `/hens/:id/lease` and `/release`. */
export interface LeaseCalls {
  /**
   * Lets the hen to another: from then on it runs only jobs of this lease.
   * @throws CoopError `policy_denied`, `hen_busy`, `illegal_move`, `bad_request` for a time that is over
   */
  lease(id: string, request: LeaseRequest, options?: CallOptions): Promise<void>;
  /** Ends the lease; with `force` what runs under it is cancelled first. @throws CoopError `hen_busy`, `illegal_move` */
  release(id: string, options?: CallOptions & { readonly force?: boolean | undefined }): Promise<void>;
}

/** The calls over one transport. */
export function leaseCalls(transport: Transport): LeaseCalls {
  return {
    async lease(id, { renter, leaseId, expiresAt }, options = {}) {
      const json = { renter, lease_id: leaseId, expires_at: expiresAt ?? null };
      await transport.send("POST /hens/{id}/lease", { ...options, path: { id }, json });
    },
    async release(id, { force, ...options } = {}) {
      const query = { force: force === true ? true : undefined };
      await transport.send("POST /hens/{id}/release", { ...options, path: { id }, query });
    },
  };
}
