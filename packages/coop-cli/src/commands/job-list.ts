import { JOB_STATUSES, type Job } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { jobColumns } from "../views/job-view.ts";

/** A screenful; programs get everything (contract/cli.md). */
const TERMINAL_ROWS = 50;
/** Few rows are asked for at once, many page by page. */
const PAGE_ROWS_MAX = 200;

/** `coop job list`: streamed to programs whatever its length, the newest for people. */
export async function run(context: CommandContext): Promise<undefined> {
  const { options, output } = context;
  const nowMs = Date.now();
  const isForEyes = output.format === "table" && output.stdout.isTerminal;
  const limit = options.whole("limit") ?? (isForEyes ? TERMINAL_ROWS : 0);
  const after = options.text("after");
  const isNewestFirst = options.flag("newest-first");
  const filter = {
    henId: options.text("hen-id"),
    status: options.manyOf("status", JOB_STATUSES),
    since: options.instant("since", nowMs),
    until: options.instant("until", nowMs),
    text: options.text("text"),
    after,
  };
  const client = await context.client();
  // The newest are at the far end of a list that begins with the oldest, so it is read from there and turned round.
  const isTurned = limit > 0 && after === undefined && !isNewestFirst;
  const jobs = client.jobs.list({
    ...filter,
    order: isNewestFirst || isTurned ? "desc" : "asc",
    ...(limit > 0 && limit < PAGE_ROWS_MAX && { pageRows: limit + 1 }), // one more, to know whether some are left out
  });
  const first = limit === 0 ? undefined : await takeFirst(jobs, limit);
  await output.rows({
    rows: (isTurned ? first?.rows.toReversed() : first?.rows) ?? jobs,
    columns: jobColumns(nowMs),
    idOf: (job) => job.id,
    empty: 'no such jobs: coop job run HEN "…" makes one',
  });
  if (first?.isAll === false) await output.note("more are left out; --limit 0 shows all");
}

async function takeFirst(jobs: AsyncIterable<Job>, limit: number): Promise<{ rows: readonly Job[]; isAll: boolean }> {
  const rows: Job[] = [];
  for await (const job of jobs) {
    if (rows.length === limit) return { rows, isAll: false };
    rows.push(job);
  }
  return { rows, isAll: true };
}
