import { CoopError, type Hen, type HenId, henNotFound, type JobId, type Store } from "coopd-core";

/** @throws CoopError `hen_not_found` */
export async function readHen(store: Store, id: HenId): Promise<Hen> {
  const hen = await store.hen(id);
  if (hen === undefined) throw henNotFound(id);
  return hen;
}

/** The job that the hen works on, the oldest of several; null when it works on none. */
export async function readRunningJob(store: Store, henId: HenId): Promise<JobId | null> {
  const [job] = await store.jobs({ henId, status: ["RUNNING"] }, { limit: 1 });
  return job?.id ?? null;
}

/** A caller that loses the same race this often is told so instead of trying for ever. */
export const RACES_MAX = 8;

/** True when another caller changed the hen's manifest first. */
export function isLostRevision(error: unknown): boolean {
  return error instanceof CoopError && error.code === "revision_conflict";
}

/** True when another caller moved the hen first. */
export function isLostRace(error: unknown): boolean {
  return error instanceof CoopError && error.code === "illegal_move";
}
