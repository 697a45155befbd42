import { type HenId, isUuidV7, type JobId, parseHenId, type Store } from "coopd-core";
import type { StateReader } from "./door/audited.ts";

/** Queueing a job changes nothing of the hen that is worth a look before and after each: the trail says what was made. */
const ONLY_MAKE: readonly string[] = ["/api/v1/hens/{id}/jobs", "/api/v1/hens/{id}/delegate"];

/** What the audit trail says of a hen or a job before and after. */
export function createStateReader(store: Pick<Store, "hen" | "job">): StateReader {
  return async (path, id) => {
    if (ONLY_MAKE.includes(path)) return null;
    if (path.startsWith("/api/v1/hens/")) return henState(store, id);
    if (path.startsWith("/api/v1/jobs/") && isUuidV7(id)) {
      const job = await store.job(id as JobId);
      return job === undefined ? null : { status: job.status };
    }
    return null;
  };
}

async function henState(store: Pick<Store, "hen">, text: string) {
  const hen = await store.hen(parseOrNone(text));
  if (hen === undefined) return null;
  const { state, lease, manifest_revision } = hen;
  return { state, lease: lease.kind, manifest_revision };
}

/** An id that is none names no hen; the route will say what is wrong with it. */
function parseOrNone(text: string): HenId {
  try {
    return parseHenId(text);
  } catch {
    return "" as HenId;
  }
}
