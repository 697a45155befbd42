import type { Instant } from "../ids/brand.ts";

/** Whose hen it is just now (contract/domain.md §3). */
export type LeaseStatus =
  | { readonly kind: "owner" }
  | {
      readonly kind: "leased_out";
      readonly renter: string;
      readonly lease_id: string;
      /** When it ends by itself; null when only a release ends it. */
      readonly expires_at: Instant | null;
    }
  | { readonly kind: "leased_in"; readonly provider: string; readonly lease_id: string };

/** The id under which a hen is let, or null when its owner has it. */
export function leaseIdOf(status: LeaseStatus): string | null {
  return status.kind === "owner" ? null : status.lease_id;
}
