import { openStore } from "../index.ts";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "./samples.ts";

// `bun writer-process.ts DIR FIRST`: takes over what an earlier run left, then queues, claims and settles jobs from number
// FIRST on, many at once, and says each step on its own line as soon as the store has promised it: `enqueue N`,
// `claim N EPOCH`, `note N COUNT`, `settle N`. It goes on until it is killed.
const HENS = 8;
const WRITERS = 24;

const [dataDir = "", first = "1"] = process.argv.slice(2);
const store = await openStore({ dataDir });
const say = (line: string) => process.stdout.write(`${line}\n`);
const numberOf = (id: string) => Number.parseInt(id.slice(-12), 16);

for (const claim of await store.takeOver(at())) void finish(numberOf(claim.job.id), claim.epoch, claim.journal.length);
for (let hen = 0; hen < HENS; hen += 1) {
  if ((await store.hen(henId(`h${hen}`))) !== undefined) continue;
  await store.createHen({ hen: sampleHen(`h${hen}`, { slots: 4 }), manifestText: "" });
}
say("ready");

let next = Number(first);
await Promise.all(Array.from({ length: WRITERS }, write));

async function write(): Promise<void> {
  for (;;) {
    const n = next;
    next += 1;
    const hen = { from: ["IDLE", "WORKING"] as const, moves: [] };
    await store.enqueue({ job: sampleJob(n, `h${n % HENS}`), hen, limits: NO_LIMITS });
    say(`enqueue ${n}`);
    for (const { job, epoch } of await store.claim({ count: 2, at: at(n) })) await finish(numberOf(job.id), epoch, 0);
  }
}

async function finish(n: number, epoch: number, notes: number): Promise<void> {
  say(`claim ${n} ${epoch}`);
  for (let count = notes + 1; count <= 2; count += 1) {
    const facts = [{ kind: "note", text: String(count) }] as const;
    await store.append({ jobId: jobId(n), epoch, at: at(n), facts });
    say(`note ${n} ${count}`);
  }
  await store.settle({ jobId: jobId(n), epoch, at: at(n), facts: [], settlement: settlement(n) });
  say(`settle ${n}`);
}
