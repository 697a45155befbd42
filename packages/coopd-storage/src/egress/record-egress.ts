import { EGRESS_ROWS_MAX, type EgressFact, type EgressOfJob, type HenId, type Instant } from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";

/** What {@link recordEgress} stores. */
export interface NewEgress {
  readonly entries: readonly EgressOfJob[];
  readonly facts: readonly EgressFact[];
  readonly at: Instant;
}

/** Numbers each hen's rows on, drops what is beyond the bound, and emits the facts. A hen that is gone takes all with it. */
export function recordEgress(scope: WriteScope, { entries, facts, at }: NewEgress): void {
  for (const [henId, rows] of Map.groupBy(entries, (entry) => entry.hen_id)) insertRows(scope, henId, rows);
  for (const fact of facts) if (isThere(scope, fact.hen_id)) scope.emit(fact, toMs(at));
}

function insertRows(scope: WriteScope, henId: HenId, rows: readonly EgressOfJob[]): void {
  const hen = scope.sql.get<{ egress_seq: number }>(
    "UPDATE hens SET egress_seq = egress_seq + $count WHERE id = $henId RETURNING egress_seq",
    { henId, count: rows.length },
  );
  if (hen === undefined) return;
  const first = hen.egress_seq - rows.length + 1;
  for (const [index, row] of rows.entries()) {
    scope.sql.run(
      `INSERT INTO egress (hen_id, seq, at_ms, verdict, job_id, body)
       VALUES ($henId, $seq, $at, $verdict, $jobId, $body)`,
      {
        henId,
        seq: first + index,
        at: toMs(row.at),
        verdict: row.verdict,
        jobId: row.job_id,
        body: JSON.stringify(row),
      },
    );
  }
  scope.sql.run("DELETE FROM egress WHERE hen_id = $henId AND seq <= $last", {
    henId,
    last: hen.egress_seq - EGRESS_ROWS_MAX,
  });
}

function isThere(scope: WriteScope, henId: HenId): boolean {
  return scope.sql.get("SELECT 1 FROM hens WHERE id = $henId", { henId }) !== undefined;
}
