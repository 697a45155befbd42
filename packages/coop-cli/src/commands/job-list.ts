import { JOB_STATUSES, type Job } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { jobColumns } from "../views/job-view.ts";

/** A screenful; programs get everything (contract/cli.md). */
const TERMINAL_ROWS = 50;

/** `coop job list`: streamed to programs whatever its length, the newest for people. */
export async function run(context: CommandContext): Promise<undefined> {
  const { options, output } = context;
  const isForEyes = output.format === "table" && output.stdout.isTerminal;
  const limit = options.whole("limit") ?? (isForEyes ? TERMINAL_ROWS : 0);
  const filter = { henId: options.text("hen-id"), status: options.manyOf("status", JOB_STATUSES) };
  const client = await context.client();
  const jobs = client.jobs.list(filter);
  const kept = limit === 0 ? { rows: jobs, leftOut: 0 } : await keepNewest(jobs, limit);
  await output.rows({
    rows: kept.rows,
    columns: jobColumns(Date.now()),
    idOf: (job) => job.id,
    empty: 'no such jobs: coop job run HEN "…" makes one',
  });
  if (kept.leftOut > 0) await output.note(`${kept.leftOut} older jobs left out; --limit 0 shows all`);
}

/** The API lists from the oldest on; only the last `limit` rows are held in memory while it goes by. */
async function keepNewest(jobs: AsyncIterable<Job>, limit: number): Promise<{ rows: readonly Job[]; leftOut: number }> {
  let rows: Job[] = [];
  let count = 0;
  for await (const job of jobs) {
    rows.push(job);
    count += 1;
    if (rows.length >= 2 * limit) rows = rows.slice(-limit);
  }
  rows = rows.slice(-limit);
  return { rows, leftOut: count - rows.length };
}
