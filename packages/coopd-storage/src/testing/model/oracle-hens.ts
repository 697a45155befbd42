import {
  fromInstant,
  type Hen,
  type HenHold,
  type HenId,
  type HenState,
  IDEMPOTENCY_KEY_MS,
  type Instant,
  isLegalMove,
  maxConcurrentJobs,
  NO_HEN_USAGE,
  NO_SPEND,
  type OnceKey,
} from "coopd-core";
import type { NewEgress } from "../../egress/record-egress.ts";
import type { NewHen } from "../../hens/create-hen.ts";
import type { HenMoves } from "../../hens/move-hen.ts";
import type { NewManifest } from "../../hens/put-manifest.ts";
import { emit, jobsOf, type OracleState, Refused } from "./oracle-state.ts";

const NEW_RECORD = { uid: null, lastClaim: 0, usage: NO_HEN_USAGE, singles: NO_SPEND, leaseEnd: undefined };

/** What hens can be asked, as the port's comments promise it. */
export const HEN_CALLS = {
  createHen(state: OracleState, { hen, manifestText, once }: NewHen): Hen {
    assertKeyFree(state, once, hen.created_at);
    if (state.hens.has(hen.id)) throw new Refused("hen_exists");
    bindKey(state, once, hen.id, hen.created_at);
    state.hens.set(hen.id, { hen, manifestText, holds: new Set(), ...NEW_RECORD, egress: [] });
    emit(state, { type: "hen_created", id: hen.id }, hen.created_at);
    return hen;
  },

  moveHen(state: OracleState, { id, from, moves, at }: HenMoves): Hen {
    const record = requireHen(state, id);
    if (record.hen.state !== from) throw new Refused("illegal_move");
    const to = endOf(from, moves);
    if (moves.length > 0 && to !== "WORKING" && jobsOf(state, id, "RUNNING").length > 0) throw new Refused("hen_busy");
    walk(state, id, moves, at);
    return record.hen;
  },

  deleteHen(state: OracleState, id: HenId, at: Instant): undefined {
    requireHen(state, id);
    if (jobsOf(state, id, "RUNNING").length > 0) throw new Refused("hen_busy");
    for (const { job } of [...state.jobs.values()]) if (job.hen_id === id) state.jobs.delete(job.id);
    state.hens.delete(id);
    for (const [call, { henId }] of [...state.calls]) if (henId === id) state.calls.delete(call);
    state.episodes.delete(id);
    emit(state, { type: "hen_deleted", id }, at);
  },

  putManifest(state: OracleState, { id, revision, manifest, manifestText, at }: NewManifest): Hen {
    const record = requireHen(state, id);
    if (record.hen.manifest_revision !== revision) throw new Refused("revision_conflict");
    if (jobsOf(state, id, "RUNNING").length > maxConcurrentJobs(manifest)) throw new Refused("hen_busy");
    record.hen = { ...record.hen, manifest, manifest_revision: revision + 1 };
    record.manifestText = manifestText;
    emit(state, { type: "hen_manifest_changed", id, revision: revision + 1 }, at);
    return record.hen;
  },

  recordEgress(state: OracleState, { entries, facts, at }: NewEgress): undefined {
    for (const entry of entries) {
      const log = state.hens.get(entry.hen_id)?.egress;
      log?.push({ ...entry, seq: log.length + 1 });
    }
    for (const fact of facts) if (state.hens.has(fact.hen_id)) emit(state, fact, at);
  },

  allotUid(state: OracleState, id: HenId, { base, count }: { readonly base: number; readonly count: number }): number {
    const record = requireHen(state, id);
    if (record.uid !== null) return record.uid;
    const held = new Set([...state.hens.values()].map(({ uid }) => uid));
    const start = state.lastUid >= base && state.lastUid < base + count ? state.lastUid - base + 1 : 0;
    for (let step = 0; step < count; step += 1) {
      const uid = base + ((start + step) % count);
      if (held.has(uid)) continue;
      record.uid = uid;
      state.lastUid = uid;
      return uid;
    }
    throw new Refused("limit_reached");
  },

  holdHen(state: OracleState, id: HenId, hold: HenHold, isHeld: boolean): undefined {
    const { holds } = requireHen(state, id);
    if (isHeld) holds.add(hold);
    else holds.delete(hold);
  },

  forget(state: OracleState, id: HenId, at: Instant): number {
    const count = state.episodes.get(id)?.length ?? 0;
    state.episodes.delete(id);
    if (count > 0) emit(state, { type: "memory_forgotten", hen_id: id, count }, at);
    return count;
  },
};

export function requireHen(state: OracleState, id: HenId) {
  const record = state.hens.get(id);
  if (record === undefined) throw new Refused("hen_not_found");
  return record;
}

export function endOf(from: HenState, moves: readonly HenState[]): HenState {
  let at = from;
  for (const to of moves) {
    if (!isLegalMove(at, to)) throw new Refused("illegal_move");
    at = to;
  }
  return at;
}

/** Makes moves that are known to be legal. */
export function walk(state: OracleState, id: HenId, moves: readonly HenState[], at: Instant): void {
  const record = requireHen(state, id);
  for (const to of moves) {
    emit(state, { type: "hen_state_changed", id, from: record.hen.state, to }, at);
    record.hen = { ...record.hen, state: to, updated_at: at };
  }
}

export function assertKeyFree(state: OracleState, once: OnceKey | undefined, at: Instant): void {
  if (once !== undefined && liveKey(state, once.key, at) !== undefined) throw new Refused("idempotency_conflict");
}

export function bindKey(state: OracleState, once: OnceKey | undefined, made: string, at: Instant): void {
  if (once !== undefined) state.keys.set(once.key, { request: once.request, made, at });
}

export function liveKey(state: OracleState, key: string, at: Instant) {
  const known = state.keys.get(key);
  const isLive = known !== undefined && fromInstant(known.at) > fromInstant(at) - IDEMPOTENCY_KEY_MS;
  return isLive ? known : undefined;
}
