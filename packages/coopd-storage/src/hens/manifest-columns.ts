import type { Manifest } from "coopd-core";

const DAY_MS = 86_400_000;

/** How long episodes are kept, ms; 0 is for ever. */
export function retentionMs(manifest: Manifest): number {
  return Math.round((manifest.memory?.episodic_retention_days ?? 0) * DAY_MS);
}

/** How long ended jobs are kept, ms; 0 is for ever. */
export function jobsKeepMs(manifest: Manifest): number {
  return (manifest.retention?.jobs_days ?? 0) * DAY_MS;
}
