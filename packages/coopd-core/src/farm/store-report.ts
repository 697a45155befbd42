import type { Instant } from "../ids/brand.ts";

/** `GET /doctor/store`: what the store is like, measured when it was asked. Sizes are in bytes. */
export interface StoreReport {
  /** True when `problems` is empty. */
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly schema_version: number;
  readonly database_bytes: number;
  /** Of the database: pages that a later row takes. */
  readonly unused_bytes: number;
  readonly wal_bytes: number;
  /** Copies that were made before the schema changed; they may be deleted. */
  readonly snapshot_bytes: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly oldest_event: { readonly seq: number; readonly at: Instant } | null;
  /** Rows that could not be read and were set aside. */
  readonly quarantined: number;
  readonly disk: { readonly free_bytes: number; readonly total_bytes: number };
}
