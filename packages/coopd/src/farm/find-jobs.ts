import { CoopError, type Job, type JobFilter, type Page, type Store } from "coopd-core";

/**
 * The next page of jobs whose prompt or result has `text` in it; a page that is not full is the last. The store looks at
 * some hundred jobs a step, so commits go on in between. @throws CoopError `cancelled` once nobody waits for it
 */
export async function findJobs(
  store: Store,
  parts: { readonly filter: JobFilter; readonly text: string; readonly page: Page; readonly signal: AbortSignal },
): Promise<readonly Job[]> {
  const { filter, text, page, signal } = parts;
  const found: Job[] = [];
  let after = page.after;
  while (found.length < page.limit) {
    if (signal.aborted) throw new CoopError("cancelled", "the search was given up");
    const step = { limit: page.limit - found.length, ...(after === undefined ? {} : { after }) };
    const { jobs, next } = await store.searchJobs(filter, text, step);
    found.push(...jobs);
    if (next === null) break;
    after = next;
  }
  return found;
}
