import { type Claim, CoopError, fromInstant } from "coopd-core";

/** setTimeout counts in 32 bits of milliseconds: a longer wait is made of several. */
const TIMER_MS_MAX = 2_147_483_647;

/**
 * Aborts `kill` when the job's wall time is over; it counts from the first claim, restarts included. Returns the way to
 * call it off.
 */
export function armWallLimit({ job }: Claim, kill: AbortController, nowMs: () => number): () => void {
  const { wall_secs } = job.limits;
  if (wall_secs === null) return () => {};
  const endMs = fromInstant(job.started_at ?? job.created_at) + wall_secs * 1_000;
  let timer: ReturnType<typeof setTimeout>;
  const arm = () => {
    const leftMs = endMs - nowMs();
    if (leftMs <= 0) return kill.abort(passed(wall_secs));
    timer = setTimeout(arm, Math.min(leftMs, TIMER_MS_MAX));
  };
  arm();
  return () => clearTimeout(timer);
}

function passed(wallSecs: number): CoopError {
  return new CoopError("limit_reached", `stopped by limits.wall_secs: ${wallSecs} s have passed`, {
    next: "Raise limits.wall_secs in the manifest, or split the job.",
    details: { limit: "wall_secs", value: wallSecs },
  });
}
