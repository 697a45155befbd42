import type { Instant } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { LeaseStatus } from "../lease/lease.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { HenState } from "./moves.ts";

/** The original's counters; Coop keeps them on the wire and counts none of them yet. */
export interface HenStats {
  readonly xp: number;
  readonly level: number;
  readonly quests_completed: number;
  readonly grain_earned: number;
}

/** One agent instance, as stored and as on the wire (contract/http-api.md §4). */
export interface Hen {
  readonly id: HenId;
  readonly state: HenState;
  readonly lease: LeaseStatus;
  readonly manifest: Manifest;
  readonly assigned_roost: string | null;
  readonly stats: HenStats;
  /** Generation 1 is an original; a hen that inherited memory counts one more than its parent. */
  readonly lineage: { readonly parent: HenId | null; readonly generation: number };
  readonly created_at: Instant;
  /** Changes with every move, and with nothing else. */
  readonly updated_at: Instant;
  readonly tags: Readonly<Record<string, string>>;
}

/** A hen as `create` first stores it: DEFINED, its owner's, generation 1. */
export function createHen(id: HenId, manifest: Manifest, at: Instant): Hen {
  return {
    id,
    state: "DEFINED",
    lease: { kind: "owner" },
    manifest,
    assigned_roost: null,
    stats: { xp: 0, level: 0, quests_completed: 0, grain_earned: 0 },
    lineage: { parent: null, generation: 1 },
    created_at: at,
    updated_at: at,
    tags: {},
  };
}

/** How many of a hen's jobs may run at once; one unless its manifest says more. */
export function maxConcurrentJobs(manifest: Manifest): number {
  return manifest.scheduling?.max_concurrent_jobs ?? 1;
}
