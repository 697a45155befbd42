import { type Clock, type EpisodeId, type Log, PAGE_MAX, type Store, toInstant } from "coopd-core";

const REASON = "interrupted at restart";

/**
 * What the original does at a restart, for those who ask for it with COOP_RESUME=fail: every RUNNING and every QUEUED job
 * ends FAILED (contract/domain.md §6).
 */
export async function failLeftOver(store: Store, clock: Clock, newId: () => string, log: Log): Promise<void> {
  const at = toInstant(clock.nowMs());
  const claims = await store.takeOver(at);
  for (const { job, epoch } of claims) {
    const { turns, usage } = job;
    const ending = { status: "FAILED", result: null, error: REASON, errorCode: "interrupted" } as const;
    const settlement = { ...ending, turns, usage, episodeId: newId() as EpisodeId };
    await store.settle({ jobId: job.id, epoch, at, facts: [], settlement });
  }
  let waiting = 0;
  for (;;) {
    const count = await store.failWaiting({ reason: REASON, limit: PAGE_MAX, at });
    waiting += count;
    if (count < PAGE_MAX) break;
  }
  if (claims.length + waiting > 0) log.warn("jobs failed at restart", { running: claims.length, queued: waiting });
}
