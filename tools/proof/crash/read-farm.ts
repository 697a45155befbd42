import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Job, JournalEntry } from "../../../packages/coopd-core/src/index.ts";
import { openStore } from "../../../packages/coopd-storage/src/index.ts";
import { EFFECTS_FILE, tagOf } from "./workload.ts";

/** One job with all it did. */
export interface Story {
  readonly tag: string;
  readonly job: Job;
  readonly journal: readonly JournalEntry[];
}

/** What a farm holds when its daemon is gone. */
export interface FarmOnDisk {
  readonly stories: readonly Story[];
  /** Every line that jobs have appended, `TAG:STEP`, with how often it is there. */
  readonly effects: ReadonlyMap<string, number>;
  /** What the store finds wrong with itself, and what it had to set aside. */
  readonly faults: readonly string[];
}

const PAGE = 1_000;

/** Reads everything through the store's own operations; the daemon must be down. */
export async function readFarm(dataDir: string): Promise<FarmOnDisk> {
  const store = await openStore({ dataDir });
  try {
    const stories: Story[] = [];
    for (;;) {
      const after = stories.at(-1)?.job.id;
      const jobs = await store.jobs({}, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const job of jobs) {
        stories.push({ tag: tagOf(job.prompt), job, journal: await store.journal(job.id, { after: 0, limit: PAGE }) });
      }
      if (jobs.length < PAGE) break;
    }
    const setAside = (await store.quarantined()).map((row) => `set aside: ${row.table} ${row.key}: ${row.reason}`);
    const hens = await store.hens({}, { limit: PAGE });
    const effects = readEffects(
      dataDir,
      hens.map(({ id }) => id),
    );
    return { stories, effects, faults: [...(await store.findFaults()), ...setAside] };
  } finally {
    await store.close();
  }
}

function readEffects(dataDir: string, hens: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const hen of hens) {
    const path = join(dataDir, "workdirs", hen.replace(".", "-").replace("/", "__"), EFFECTS_FILE);
    if (!existsSync(path)) continue;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line !== "") counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  }
  return counts;
}
