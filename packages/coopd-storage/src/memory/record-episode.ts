import { type Episode, type EpisodeId, episodeOf, type Instant, type Job } from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";

/** Stores an episode as it is. */
export function insertEpisode(scope: WriteScope, episode: Episode): void {
  scope.sql.run("INSERT INTO episodes (id, hen_id, at_ms, body) VALUES ($id, $henId, $at, $body)", {
    id: episode.id,
    henId: episode.hen_id,
    at: toMs(episode.at),
    body: JSON.stringify(episode),
  });
}

/**
 * Keeps the episode of a DONE or FAILED job, and drops those of this hen that are older than its retention
 * (contract/domain.md §7). The index on age makes the second a probe, not a scan (weaknesses E3).
 */
export function recordEpisode(scope: WriteScope, job: Job, id: EpisodeId, at: Instant): void {
  const episode = episodeOf(job, id, at);
  if (episode === undefined) return;
  const henId = job.hen_id;
  const now = toMs(at);
  insertEpisode(scope, episode);
  scope.sql.run(
    `DELETE FROM episodes WHERE hen_id = $henId
       AND at_ms < (SELECT $now - retention_ms FROM hens WHERE id = $henId AND retention_ms > 0)`,
    { henId, now },
  );
  scope.emit({ type: "memory_recorded", hen_id: henId, entry_id: id }, now);
}
