import { Database } from "bun:sqlite";
import { join } from "node:path";
import { CoopError, type HenId, type JobId, PAGE_MAX, toInstant } from "coopd-core";
import type { Call } from "../../calls/messages.ts";
import { openStore } from "../../index.ts";

// `bun store-host.ts DIR`: a store in a process of its own, so that it can be killed. One JSON line in is a list of calls,
// all made at once and each answered by a line, or `{"dump":SINCE}`, or `{"close":true}`.
const dataDir = process.argv[2] ?? "";
const store = await openStore({ dataDir });
say({ ready: true });

let rest = "";
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) await obey(JSON.parse(line));
}

async function obey(order: readonly Call[] | { readonly dump: number } | { readonly close: true }): Promise<void> {
  if ("dump" in order) return say({ dump: await dump(order.dump) });
  if ("close" in order) {
    await store.close();
    process.exit(0);
  }
  for (const call of order) void answer(call);
}

async function answer({ id, name, args }: Call): Promise<void> {
  const method = store[name as "counts"] as (...args: readonly unknown[]) => Promise<unknown>;
  try {
    say({ id, value: await method(...args) });
  } catch (error) {
    say(
      error instanceof CoopError
        ? { id, code: error.code, cause: String(error.cause ?? error.message) }
        : { id, code: String(error) },
    );
  }
}

/** The same shape as `dumpOracle`. What no method shows is read from the tables. */
async function dump(since: number): Promise<unknown> {
  const hens = await store.hens({}, { limit: PAGE_MAX });
  const jobs = await store.jobs({}, { limit: PAGE_MAX });
  const hidden = readHidden();
  return {
    hens: await Promise.all(
      hens.map(async (hen) => ({
        hen,
        manifestText: await store.manifestText(hen.id),
        usage: await store.henUsage(hen.id),
        spend: (await store.henSpend(hen.id, 0)).total,
        ...hidden.hens.get(hen.id),
      })),
    ),
    jobs: await Promise.all(
      jobs.map(async (job) => ({ job, journal: await journalOf(job.id), ...hidden.jobs.get(job.id) })),
    ),
    egress: await Promise.all(hens.map(({ id }) => store.egress(id, {}, { limit: PAGE_MAX }))),
    episodes: await Promise.all(hens.map(({ id }) => store.episodes(id, PAGE_MAX))),
    tasks: await store.tasks({ limit: PAGE_MAX }),
    settings: hidden.settings,
    credentials: [...(await store.credentials(toInstant(0)))].sort((a, b) => (a.id < b.id ? -1 : 1)),
    audit: await store.audit({ after: 0, limit: PAGE_MAX }),
    dismissed: [...(await store.dismissals())].sort(),
    counts: await store.counts(),
    children: hidden.children,
    calls: hidden.calls,
    leasesOver: hidden.leasesOver,
    ...hidden.farm,
    events: await eventsSince(since),
    faults: await store.findFaults(),
    quarantined: await store.quarantined(),
  };
}

async function journalOf(id: JobId) {
  const all = [];
  for (;;) {
    const page = await store.journal(id, { after: all.length, limit: PAGE_MAX });
    all.push(...page);
    if (page.length < PAGE_MAX) return all;
  }
}

async function eventsSince(since: number) {
  const all = [];
  for (;;) {
    const page = await store.events(all.at(-1)?.seq ?? since, PAGE_MAX);
    all.push(...page);
    if (page.length < PAGE_MAX) return all;
  }
}

function readHidden() {
  const db = new Database(join(dataDir, "coop.sqlite"), { readonly: true });
  const all = <Row>(text: string) => db.query(text).all() as Row[];
  const hens = all<{ id: HenId; uid: number | null; lastClaim: number }>(
    "SELECT id, uid, last_claim AS lastClaim FROM hens",
  );
  const jobs = all<{ id: JobId; epoch: number; asked: number }>(
    "SELECT id, epoch, no IN (SELECT job_no FROM job_cancels) AS asked FROM jobs",
  );
  const children = all<{ line: string }>(
    "SELECT jobs.id || ' ' || call_key || ' ' || child_id AS line FROM job_children JOIN jobs ON no = parent_no ORDER BY 1",
  );
  const calls = all<{ line: string }>(
    "SELECT call_id || ' ' || hen_id AS line FROM open_calls WHERE call_id IS NOT NULL ORDER BY 1",
  );
  const over = all<{ id: HenId }>("SELECT hen_id AS id FROM hen_leases WHERE is_over = 1 ORDER BY 1");
  const settings = all<{ key: string; value: string }>("SELECT key, value FROM settings");
  const [farm] = all<{ claims: number; lastUid: number }>("SELECT claims, last_uid AS lastUid FROM farm");
  db.close();
  return {
    hens: new Map(hens.map(({ id, ...others }) => [id, others])),
    jobs: new Map(jobs.map(({ id, epoch, asked }) => [id, { epoch, isCancelAsked: asked === 1 }])),
    children: children.map(({ line }) => line),
    calls: calls.map(({ line }) => line),
    leasesOver: over.map(({ id }) => id),
    settings: Object.fromEntries(settings.map(({ key, value }) => [key, value])),
    farm,
  };
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
