import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openStore, type SqliteStore } from "../index.ts";
import { at, jobId, NO_LIMITS, sampleHen, sampleJob } from "../testing/samples.ts";
import { makeTempDir, refusal } from "../testing/temp-store.ts";

const mountPoint = makeTempDir();
const mounted = process.geteuid?.() === 0 && run("mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "coop", mountPoint);
if (!mounted)
  process.stdout.write("skip: a small file system can only be mounted by root; the disk is never full here\n");

describe.skipIf(!mounted)("on a disk of 3 MiB", () => {
  let store: SqliteStore;
  const dataDir = join(mountPoint, "farm");
  const ballast = join(mountPoint, "ballast");

  beforeAll(async () => {
    store = await openStore({ dataDir });
    await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  });
  afterAll(async () => {
    await store.close();
    run("umount", mountPoint);
    rmSync(mountPoint, { recursive: true });
  });

  const enqueue = (n: number, prompt = "") =>
    store.enqueue({
      job: sampleJob(n, "ada", { prompt }),
      hen: { from: ["IDLE", "WORKING"], moves: [] },
      limits: NO_LIMITS,
    });
  const queuedIds = async () => (await store.jobs({}, { limit: 1_000 })).map(({ id }) => id);

  test("while the disk is full writes are refused with a next step, and reads go on", async () => {
    fill(ballast);
    // Until the last free page is used up.
    for (let n = 200; await isAccepted(enqueue(n, "x".repeat(20_000))); n += 1) expect(n).toBeLessThan(400);
    const before = [await queuedIds(), await store.counts()];
    for (let n = 400; n < 410; n += 1) {
      const refused = await refusal(enqueue(n, "x".repeat(20_000)));
      expect([refused.code, refused.next]).toEqual(["disk_full", expect.stringContaining("Free space")]);
    }
    expect([await queuedIds(), await store.counts()]).toEqual(before);
  });

  test("when there is room again the same store goes on, with event numbers that have no gap", async () => {
    const before = await queuedIds();
    rmSync(ballast);
    await Promise.all([enqueue(500), enqueue(501)]);
    expect(await queuedIds()).toEqual([...before, jobId(500), jobId(501)]);
    const seqs = (await store.events(0, 1_000)).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(await store.claim({ count: 1, at: at(1) })).toHaveLength(1);
    expect(await store.findFaults()).toEqual([]);
  });

  test("a store that cannot be opened for want of room says so and frees the directory", async () => {
    const other = join(mountPoint, "other");
    mkdirSync(other, { mode: 0o700 });
    fill(ballast);
    expect((await refusal(openStore({ dataDir: other }))).code).toBe("disk_full");
    rmSync(ballast);
    await (await openStore({ dataDir: other })).close();
  });

  test("a batch that does not fit is refused as a whole, what was there stays, and smaller ones go on", async () => {
    const before = [await queuedIds(), await store.counts()];
    const large = "x".repeat(200_000);
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => enqueue(600 + n, large)));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(30).fill("rejected"));
    expect(outcomes[0]).toMatchObject({ reason: { code: "disk_full" } });
    expect([await queuedIds(), await store.counts()]).toEqual(before);
    await enqueue(700);
    expect(await queuedIds()).toHaveLength((before[0] as readonly unknown[]).length + 1);
    expect(await store.findFaults()).toEqual([]);
  });

  test("a data directory on a read-only disk is refused with the reason, and opens when it is writable again", async () => {
    await store.close();
    expect(run("mount", "-o", "remount,ro", mountPoint)).toBe(true);
    const refused = await refusal(openStore({ dataDir }));
    expect([refused.code, refused.message]).toEqual(["store_unavailable", expect.stringContaining("EROFS")]);
    expect(run("mount", "-o", "remount,rw", mountPoint)).toBe(true);
    store = await openStore({ dataDir });
    expect((await queuedIds()).at(-1)).toBe(jobId(700));
  });
});

async function isAccepted(promise: Promise<unknown>): Promise<boolean> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome?.status === "fulfilled";
}

/** Takes every free byte of the disk. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (const size of [65_536, 4_096, 1]) writeUntilFull(file, Buffer.alloc(size));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    for (;;) if (writeSync(file, bytes) < bytes.length) return;
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOSPC") throw error;
  }
}

function run(...command: string[]): boolean {
  return Bun.spawnSync(command, { stdout: "ignore", stderr: "ignore" }).success;
}
