import type { Enforcement } from "../admit/host-walls.ts";
import type { Instant } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { LeaseStatus } from "../lease/lease.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { HenState } from "./moves.ts";
import type { HenNeed, HenWant } from "./needs.ts";

/** The original's counters. Coop counts `quests_completed`; the others stay 0, kept for the original's clients. */
export interface HenStats {
  readonly xp: number;
  readonly level: number;
  /** Jobs that ended DONE. */
  readonly quests_completed: number;
  readonly grain_earned: number;
}

/** One agent instance, as stored and as on the wire (contract/http-api.md §4). */
export interface Hen {
  readonly id: HenId;
  readonly state: HenState;
  readonly lease: LeaseStatus;
  readonly manifest: Manifest;
  /** Counts up with every change of the manifest, from 1; what a change names to be sure of what it changes. */
  readonly manifest_revision: number;
  readonly assigned_roost: string | null;
  readonly stats: HenStats;
  /** Generation 1 is an original; a hen that inherited memory counts one more than its parent. */
  readonly lineage: { readonly parent: HenId | null; readonly generation: number };
  readonly created_at: Instant;
  /** Changes with every move, and with nothing else. */
  readonly updated_at: Instant;
  readonly tags: Readonly<Record<string, string>>;
}

/** A hen as the API shows it: with what this host holds of its policy. */
export interface HenView extends Hen {
  readonly enforcement: Enforcement["kind"];
  /** Why it is less than its policy allows, or which wall is missing; null where nothing is. */
  readonly enforcement_reason: string | null;
  /** What its jobs wait for; null while nothing keeps them. */
  readonly needs: HenNeed | null;
  readonly needs_reason: string | null;
  /** What the farmer can do about it. */
  readonly needs_next: string | null;
}

/** The hen with the verdict of {@link judgeEnforcement} on it, and with what it lacks. */
export function toHenView(hen: Hen, verdict: Enforcement, want: HenWant | undefined): HenView {
  const reason =
    verdict.kind === "denied_all" ? verdict.reason : verdict.kind === "unenforceable" ? verdict.missing : null;
  return {
    ...hen,
    enforcement: verdict.kind,
    enforcement_reason: reason,
    needs: want?.needs ?? null,
    needs_reason: want?.reason ?? null,
    needs_next: want?.next ?? null,
  };
}

/** A hen as `create` first stores it: DEFINED, its owner's, generation 1. */
export function createHen(id: HenId, manifest: Manifest, at: Instant): Hen {
  return {
    id,
    state: "DEFINED",
    lease: { kind: "owner" },
    manifest,
    manifest_revision: 1,
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
