import { type EgressEntry, type Instant, PAGE_MAX } from "coopd-core";
import { toMs } from "../rows/instants.ts";
import { type ReadScope, readRows } from "../rows/scope.ts";
import { type EgressRow, toEgressEntry } from "./egress-row.ts";

interface DeniedRow extends EgressRow {
  readonly at_ms: number;
}

/** Exported for the test of its plan: the newest end of `egress_denied_in_jobs`. */
export const DENIED_IN_JOBS = `SELECT hen_id, seq, at_ms, body FROM egress
  WHERE verdict = 'denied' AND job_id IS NOT NULL AND at_ms >= $since AND at_ms < $before ORDER BY at_ms DESC LIMIT $limit`;

/** Denied requests of jobs since then, the newest first. A damaged row's neighbours of the same millisecond may be left out with it. */
export function deniedInJobs(scope: ReadScope, since: Instant): readonly EgressEntry[] {
  return readRows<DeniedRow, EgressEntry>(scope, PAGE_MAX, {
    fetch: (last, limit) =>
      scope.sql.all(DENIED_IN_JOBS, { since: toMs(since), before: last?.at_ms ?? Number.MAX_SAFE_INTEGER, limit }),
    decode: toEgressEntry,
  });
}
