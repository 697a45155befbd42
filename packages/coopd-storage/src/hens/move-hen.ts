import { type Hen, type HenId, type HenState, henNotFound, type Instant } from "coopd-core";
import { henBusy, runningJobOf } from "../jobs/running-job.ts";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";
import { readState, requireHen } from "./hen-row.ts";
import { updateReadiness } from "./readiness.ts";
import { emitMoves, notInState, walkMoves } from "./walk-moves.ts";

/** What {@link moveHen} is asked. */
export interface HenMoves {
  readonly id: HenId;
  readonly from: HenState;
  readonly moves: readonly HenState[];
  readonly at: Instant;
}

/**
 * Makes all moves or none. `from` is in the statement that writes, so of two callers only one wins, and a hen never
 * leaves WORKING over a running job (weaknesses D2).
 * @throws CoopError `hen_not_found`, `illegal_move`, `hen_busy`
 */
export function moveHen(scope: WriteScope, { id, from, moves, at }: HenMoves): Hen {
  const found = readState(scope, id);
  if (found === undefined) throw henNotFound(id);
  if (found !== from) throw notInState(id, found, [from]);
  const to = walkMoves(id, from, moves);
  if (moves.length === 0) return requireHen(scope, id);
  const moved = scope.sql.get(
    `UPDATE hens SET state = $to, updated_ms = $at
     WHERE id = $id AND state = $from AND (running = 0 OR $to = 'WORKING') RETURNING id`,
    { id, from, to, at: toMs(at) },
  );
  if (moved === undefined) throw henBusy(id, runningJobOf(scope, id));
  emitMoves(scope, id, from, moves, toMs(at));
  updateReadiness(scope, id);
  return requireHen(scope, id);
}
