import type { HenUsage } from "../hen/usage.ts";
import type { CoopId } from "../ids/hen-id.ts";

/** `GET /farm`: the original's three fields, and ours. */
export interface FarmSummary {
  readonly coop_id: CoopId;
  readonly coopd_version: string;
  readonly hen_count: number;
  readonly hens_by_state: Readonly<Record<string, number>>;
  /** Ended ones are those of the hens that are there, jobs that are not kept any more included. */
  readonly jobs: HenUsage["jobs"] & { readonly queued: number; readonly running: number };
  /** The newest event's `seq`; a client that read this snapshot watches behind it. */
  readonly event_seq: number;
  readonly host: HostPressure;
}

/** How hard the daemon's host is pressed just now. */
export interface HostPressure {
  readonly cores: number;
  /** Of all cores since the time before it was asked; null the first time. */
  readonly cpu_percent: number | null;
  readonly load_1m: number;
  readonly memory: { readonly total_bytes: number; readonly available_bytes: number };
  /** Of the disk that the data directory lies on. */
  readonly disk: { readonly total_bytes: number; readonly free_bytes: number };
}

/** The id of a farm; every hen's id starts with it (contract/domain.md §1). */
export const FARM_COOP_ID = "local.coop" as CoopId;
