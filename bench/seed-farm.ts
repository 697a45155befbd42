import {
  createHen,
  createJob,
  type HenId,
  type JobId,
  jobLimits,
  NO_USAGE,
  toInstant,
} from "../packages/coopd-core/src/index.ts";
import { parseManifest } from "../packages/coopd-core/src/manifest/index.ts";
import { openStore } from "../packages/coopd-storage/src/index.ts";

const NO_LIMITS = { perHen: 1_000_000, perFarm: 1_000_000 };
/** Writes under way at once: they share commits, and stay below what the store lets wait. */
const AT_ONCE = 2_000;
const MANIFEST = (name: string) =>
  `spec_version: coop/v1\nname: ${name}\nbrain: {provider_id: none, provider: script, model: echo}\ntools: []\n`;

/** Fills `dataDir` through the store's own operations: `hens` IDLE hens and `jobs` that are DONE; ids in order. */
export async function seedFarm(dataDir: string, hens: number, jobs: number): Promise<readonly string[]> {
  const store = await openStore({ dataDir });
  const at = toInstant(Date.now());
  try {
    const henIds = Array.from({ length: hens }, (_, n) => `local.coop/seeded-${n}` as HenId);
    await inGroups(hens, async (n) => {
      const text = MANIFEST(`seeded-${n}`);
      const id = henIds[n] as HenId;
      await store.createHen({ hen: createHen(id, parseManifest(text).manifest, at), manifestText: text });
      await store.moveHen({ id, from: "DEFINED", moves: ["HATCHING", "IDLE"], at });
    });
    const jobIds = Array.from({ length: jobs }, (_, n) => toJobId(n));
    const limits = jobLimits(null);
    for (let from = 0; from < jobs; from += AT_ONCE) {
      const ids = jobIds.slice(from, from + AT_ONCE);
      await Promise.all(
        ids.map((id, n) => {
          const henId = henIds[(from + n) % hens] as HenId;
          const job = createJob({ id, henId, prompt: `say ${n}`, at, limits });
          return store.enqueue({ job, hen: { from: ["IDLE", "WORKING"], moves: [] }, limits: NO_LIMITS });
        }),
      );
      await endAll(store, at);
    }
    return jobIds;
  } finally {
    await store.close();
  }
}

async function endAll(store: Awaited<ReturnType<typeof openStore>>, at: ReturnType<typeof toInstant>): Promise<void> {
  for (;;) {
    const claims = await store.claim({ count: 1_000, at });
    if (claims.length === 0) return;
    await Promise.all(
      claims.map(({ job, epoch }) => {
        const said = { status: "DONE", result: "said", error: null, errorCode: null } as const;
        const settlement = { ...said, turns: 1, usage: NO_USAGE, episodeId: job.id as string as never };
        return store.settle({ jobId: job.id, epoch, at, facts: [], settlement });
      }),
    );
  }
}

/** UUIDv7-shaped, in order. */
function toJobId(n: number): JobId {
  return `0195b2c4-0000-7000-8000-${n.toString(16).padStart(12, "0")}` as JobId;
}

async function inGroups(count: number, work: (n: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => work(from + n)));
  }
}
