import type { EgressEntry, EgressFilter, HenId } from "coopd-core";
import type { Params } from "../database/statements.ts";
import { type ReadScope, readRows, toRowLimit } from "../rows/scope.ts";
import { type EgressRow, toEgressEntry } from "./egress-row.ts";

/** A hen's log by seq, strictly behind `after` in the order of the listing. Empty for a hen that is not there. */
export function egress(
  scope: ReadScope,
  henId: HenId,
  filter: EgressFilter,
  page: { readonly after?: number; readonly limit: number },
): readonly EgressEntry[] {
  const { text, params } = egressQuery(filter);
  const start = page.after ?? (filter.order === "desc" ? Number.MAX_SAFE_INTEGER : 0);
  return readRows<EgressRow, EgressEntry>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) => scope.sql.all(text, { ...params, henId, after: last?.seq ?? start, limit }),
    decode: toEgressEntry,
  });
}

/** One range of an index, in order already. Exported for the test of its plan. */
export function egressQuery({ verdict, jobId, order }: EgressFilter): {
  readonly text: string;
  readonly params: Params;
} {
  const [direction, behind] = order === "desc" ? ["DESC", "<"] : ["ASC", ">"];
  const ofVerdict = verdict === undefined ? "" : "verdict = $verdict AND ";
  // Without statistics SQLite would rather walk the primary key, past every row that is not asked for.
  const index = jobId !== undefined ? "egress_by_job" : verdict === undefined ? undefined : "egress_by_verdict";
  const by = index === undefined ? "" : `INDEXED BY ${index} `;
  const ofJob = jobId === undefined ? "" : "job_id = $jobId AND ";
  return {
    text: `SELECT hen_id, seq, body FROM egress ${by}WHERE hen_id = $henId AND ${ofJob}${ofVerdict}seq ${behind} $after
      ORDER BY seq ${direction} LIMIT $limit`,
    params: { ...(verdict === undefined ? {} : { verdict }), ...(jobId === undefined ? {} : { jobId }) },
  };
}
