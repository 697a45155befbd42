import type { Episode, EpisodeId } from "coopd-core";
import { DamagedRow, readBody } from "../rows/damaged-row.ts";
import type { Shape } from "../rows/shape.ts";

/** An episode as every read selects it. */
export interface EpisodeRow {
  readonly id: EpisodeId;
  readonly body: string;
}

const EPISODE: Shape = {
  id: "text",
  hen_id: "text",
  job_id: "text",
  at: "text",
  prompt: "text",
  summary: "text",
  turns: "number",
  outcome: "text",
};

/** @throws DamagedRow */
export function toEpisode(row: EpisodeRow): Episode {
  const episode = readBody<Episode>("episodes", row.id, row.body, EPISODE);
  if (episode.id !== row.id) throw new DamagedRow("episodes", row.id, `is the body of ${episode.id}`);
  return episode;
}
