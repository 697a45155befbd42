import { isJobStatus, type Job, type JobStatus } from "coopd-core";
import { client } from "../../data/client.ts";

/** Jobs on a page. */
export const PAGE_ROWS = 50;

/** What the list shows, as its address holds it. */
export interface JobsWish {
  readonly hen: string | undefined;
  readonly status: readonly JobStatus[];
  /** How far back, as `24h`; undefined for all. */
  readonly time: string | undefined;
  readonly text: string | undefined;
  /** Older than this job; undefined and no `before`: from the newest on. */
  readonly after: string | undefined;
  /** The page that ends before this job: the way back. */
  readonly before: string | undefined;
}

/** How far back the list may be asked for, and in words. */
export const TIMES: readonly (readonly [key: string, word: string, ms: number])[] = [
  ["1h", "the last hour", 3_600_000],
  ["24h", "the last day", 86_400_000],
  ["7d", "the last week", 7 * 86_400_000],
  ["30d", "the last month", 30 * 86_400_000],
];

/** Reads an address; what it does not know is left out. */
export function readWish(query: URLSearchParams): JobsWish {
  const word = (name: string) => query.get(name) ?? undefined;
  return {
    hen: word("hen"),
    status: (query.get("status") ?? "").split(",").filter(isJobStatus),
    time: TIMES.some(([key]) => key === query.get("time")) ? word("time") : undefined,
    text: word("q")?.slice(0, TEXT_CHARS_MAX),
    after: word("after"),
    before: word("before"),
  };
}

/** The API takes no longer ones. */
const TEXT_CHARS_MAX = 256;

/** One page, the newest first. */
export interface JobsPage {
  readonly jobs: readonly Job[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** Asks for one page and no more. @throws CoopError */
export async function readJobsPage(wish: JobsWish, signal: AbortSignal): Promise<JobsPage> {
  const span = TIMES.find(([key]) => key === wish.time)?.[2];
  const filter = {
    henId: wish.hen,
    status: wish.status.length === 0 ? undefined : wish.status,
    text: wish.text,
    since: span === undefined ? undefined : new Date(Date.now() - span).toISOString(),
    pageRows: PAGE_ROWS + 1,
    signal,
  };
  if (wish.before !== undefined) {
    const found = await take(client.jobs.list({ ...filter, order: "asc", after: wish.before }));
    const jobs = found.slice(0, PAGE_ROWS).reverse();
    if (found.length >= PAGE_ROWS) return { jobs, hasOlder: true, hasNewer: found.length > PAGE_ROWS };
  } // fewer than a page are newer: then it is the first page
  const after = wish.before === undefined ? wish.after : undefined;
  const found = await take(client.jobs.list({ ...filter, order: "desc", after }));
  return { jobs: found.slice(0, PAGE_ROWS), hasOlder: found.length > PAGE_ROWS, hasNewer: after !== undefined };
}

async function take(list: AsyncIterable<Job>): Promise<Job[]> {
  const found: Job[] = [];
  for await (const job of list) {
    found.push(job);
    if (found.length > PAGE_ROWS) break;
  }
  return found;
}
