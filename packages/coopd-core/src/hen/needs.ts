import type { CoopError } from "../errors/coop-error.ts";

/**
 * What a hen lacks to go on with its jobs, which wait for it. `vault`: a key that is locked away, missing, or not let out · `walls`: this
 * host cannot hold the hen's policy (any more).
 */
export type HenNeed = "vault" | "walls";

/** Why a hen's jobs wait, in words for the farmer. */
export interface HenWant {
  readonly needs: HenNeed;
  readonly reason: string;
  /** What would help; undefined where nothing is known to. */
  readonly next: string | undefined;
}

/** Why nothing of a hen may be claimed: it is being moved, or it needs something. */
export type HenHold = "move" | HenNeed;

/**
 * What an error says the hen lacks; undefined for every other error, which ends the job. A key that is not there may be put
 * into the vault later, and walls may be back after a restart: work that was accepted waits for that instead of failing.
 */
export function wantOf(error: CoopError): HenWant | undefined {
  const needs = NEEDED[error.code];
  return needs === undefined ? undefined : { needs, reason: error.message, next: error.next };
}

const NEEDED: Readonly<Partial<Record<CoopError["code"], HenNeed>>> = {
  secret_unavailable: "vault",
  secret_not_allowed: "vault",
  walls_missing: "walls",
};
