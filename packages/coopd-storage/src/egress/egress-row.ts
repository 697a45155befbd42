import type { EgressEntry, EgressOfJob, HenId } from "coopd-core";
import { DamagedRow, readBody } from "../rows/damaged-row.ts";
import type { Shape } from "../rows/shape.ts";

/** A row as every read selects it. */
export interface EgressRow {
  readonly hen_id: HenId;
  readonly seq: number;
  readonly body: string;
}

const EGRESS: Shape = {
  hen_id: "text",
  at: "text",
  via: "text",
  host: "text",
  port: "number",
  verdict: "text",
  count: "number",
  job_id: "text?",
  next: "text?",
};

/** @throws DamagedRow */
export function toEgressEntry({ hen_id, seq, body }: EgressRow): EgressEntry {
  const key = `${hen_id}:${seq}`;
  const entry = readBody<EgressOfJob>("egress", key, body, EGRESS);
  if (entry.hen_id !== hen_id) throw new DamagedRow("egress", key, `is a row of ${entry.hen_id}`);
  return { ...entry, seq };
}
