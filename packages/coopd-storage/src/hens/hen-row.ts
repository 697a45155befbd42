import { type Hen, type HenId, type HenState, henNotFound, toInstant } from "coopd-core";
import { DamagedRow, readBody } from "../rows/damaged-row.ts";
import type { Scope } from "../rows/scope.ts";
import type { Shape } from "../rows/shape.ts";

/** A hen with its body, as every read of hens selects it. */
export interface HenRow {
  readonly id: HenId;
  readonly state: HenState;
  readonly updated_ms: number;
  readonly revision: number;
  readonly body: string;
  /** Of its usage; null before its first job has ended. */
  readonly done: number | null;
}

/** Columns and tables of {@link HenRow}; a damaged hen has no body, and so is in no result. */
export const SELECT_HEN = `
  SELECT hens.id, hens.state, hens.updated_ms, hens.revision, hen_bodies.body, hen_usage.done
  FROM hens JOIN hen_bodies ON hen_bodies.hen_id = hens.id LEFT JOIN hen_usage ON hen_usage.hen_id = hens.id`;

const HEN: Shape = {
  id: "text",
  lease: "object",
  manifest: "object",
  assigned_roost: "text?",
  stats: "object",
  lineage: "object",
  created_at: "text",
  tags: "object",
};

/** The wire object: the stored body with what has changed since. @throws DamagedRow */
export function toHen(row: HenRow): Hen {
  const body = readBody<Hen>("hens", row.id, row.body, HEN);
  if (body.id !== row.id) throw new DamagedRow("hens", row.id, `is the body of ${body.id}`);
  if (typeof body.manifest.name !== "string") throw new DamagedRow("hens", row.id, "has no manifest.name");
  const stats = { ...body.stats, quests_completed: row.done ?? 0 };
  const { state, revision, updated_ms } = row;
  return { ...body, manifest_revision: revision, state, stats, updated_at: toInstant(updated_ms) };
}

/** @throws CoopError `hen_not_found`, also for a hen whose body is damaged; DamagedRow */
export function requireHen(scope: Scope, id: HenId): Hen {
  const row = scope.sql.get<HenRow>(`${SELECT_HEN} WHERE hens.id = $id`, { id });
  if (row === undefined) throw henNotFound(id);
  return toHen(row);
}

/** The hen's state, or undefined when there is no such hen; a damaged one is not there. */
export function readState(scope: Scope, id: HenId): HenState | undefined {
  const row = scope.sql.get<{ state: HenState }>("SELECT state FROM hens WHERE id = $id AND state <> 'DAMAGED'", {
    id,
  });
  return row?.state;
}
