import { CoopError, type Hen, type HenId, type Instant, type Manifest, maxConcurrentJobs } from "coopd-core";
import { henBusy, runningJobOf } from "../jobs/running-job.ts";
import { toMs } from "../rows/instants.ts";
import type { WriteScope } from "../rows/scope.ts";
import { insertAttachments } from "./attachments.ts";
import { requireHen } from "./hen-row.ts";
import { jobsKeepMs, retentionMs } from "./manifest-columns.ts";
import { updateReadiness } from "./readiness.ts";

/** What {@link putManifest} stores. */
export interface NewManifest {
  readonly id: HenId;
  readonly revision: number;
  readonly manifest: Manifest;
  readonly manifestText: string;
  readonly at: Instant;
  readonly attachments?: Readonly<Record<string, string>>;
}

/**
 * Replaces manifest, text and the columns that are made of them. The revision stands in the statement that writes, so a
 * change that was made of an older manifest never undoes a newer one.
 * @throws CoopError `hen_not_found`, `revision_conflict`, `hen_busy`; DamagedRow
 */
export function putManifest(
  scope: WriteScope,
  { id, revision, manifest, manifestText, at, attachments }: NewManifest,
): Hen {
  const hen = requireHen(scope, id);
  if (hen.manifest_revision !== revision) throw conflict(id, revision, hen.manifest_revision);
  const slots = maxConcurrentJobs(manifest);
  const put = scope.sql.get<{ revision: number }>(
    `UPDATE hens SET revision = revision + 1, slots = $slots, retention_ms = $retention, jobs_keep_ms = $jobsKeep
     WHERE id = $id AND revision = $revision AND running <= $slots RETURNING revision`,
    { id, revision, slots, retention: retentionMs(manifest), jobsKeep: jobsKeepMs(manifest) },
  );
  if (put === undefined) throw henBusy(id, runningJobOf(scope, id));
  scope.sql.run("UPDATE hen_bodies SET body = $body, manifest_text = $manifestText WHERE hen_id = $id", {
    id,
    body: JSON.stringify({ ...hen, manifest }),
    manifestText,
  });
  if (attachments !== undefined) {
    scope.sql.run("DELETE FROM hen_attachments WHERE hen_id = $id", { id });
    insertAttachments(scope, id, attachments);
  }
  scope.emit({ type: "hen_manifest_changed", id, revision: put.revision }, toMs(at));
  updateReadiness(scope, id);
  return requireHen(scope, id);
}

function conflict(id: HenId, asked: number, found: number): CoopError {
  return new CoopError("revision_conflict", `the manifest of ${id} is at revision ${found} by now, not ${asked}`, {
    next: `Look at it again, then repeat the change: coop hen get ${id}`,
    details: { hen_id: id, asked, found },
  });
}
