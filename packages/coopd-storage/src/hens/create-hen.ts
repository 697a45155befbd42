import { CoopError, type Episode, type Hen, leaseIdOf, maxConcurrentJobs, type OnceKey } from "coopd-core";
import { takeKey } from "../idempotency/once.ts";
import { insertEpisode } from "../memory/record-episode.ts";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";
import { insertAttachments } from "./attachments.ts";
import { requireHen } from "./hen-row.ts";
import { jobsKeepMs, retentionMs } from "./manifest-columns.ts";

/** What {@link createHen} stores. */
export interface NewHen {
  readonly hen: Hen;
  readonly manifestText: string;
  readonly attachments?: Readonly<Record<string, string>>;
  /** What it remembers from the start. */
  readonly episodes?: readonly Episode[];
  readonly once?: OnceKey;
}

/** @throws CoopError `idempotency_conflict`; `hen_exists`, also where a damaged hen keeps the name until it is deleted */
export function createHen(
  scope: WriteScope,
  { hen, manifestText, attachments = {}, episodes = [], once }: NewHen,
): Hen {
  const { id, manifest } = hen;
  takeKey(scope, once, { id, at: hen.created_at });
  const inserted = scope.sql.get(
    `INSERT INTO hens (id, state, lease_id, slots, retention_ms, jobs_keep_ms, updated_ms)
     VALUES ($id, $state, $lease, $slots, $retention, $jobsKeep, $updated) ON CONFLICT (id) DO NOTHING RETURNING id`,
    {
      id,
      state: hen.state,
      lease: leaseIdOf(hen.lease),
      slots: maxConcurrentJobs(manifest),
      retention: retentionMs(manifest),
      jobsKeep: jobsKeepMs(manifest),
      updated: toMs(hen.updated_at),
    },
  );
  if (inserted === undefined) {
    throw new CoopError("hen_exists", `there is a hen ${id} already`, {
      next: `Give the new one another name, or delete it first: coop hen delete ${id}`,
      details: { hen_id: id },
    });
  }
  const body = JSON.stringify(hen);
  scope.sql.run("INSERT INTO hen_bodies (hen_id, body, manifest_text) VALUES ($id, $body, $manifestText)", {
    id,
    body,
    manifestText,
  });
  insertAttachments(scope, id, attachments);
  for (const episode of episodes) insertEpisode(scope, episode);
  scope.emit({ type: "hen_created", id }, toMs(hen.created_at));
  return requireHen(scope, id);
}
