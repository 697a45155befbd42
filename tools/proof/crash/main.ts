import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { proveBadDisk } from "./bad-disk.ts";
import { killAtPoint, killAtRandom, type Rounds } from "./crash-rounds.ts";
import { startDaemon } from "./daemon-process.ts";
import { Farmer, waitUntilIdle } from "./farmer.ts";
import { judge } from "./judge.ts";
import { KILL_POINTS } from "./kill-points.ts";
import { createRandom } from "./random.ts";
import { readFarm, type Story } from "./read-farm.ts";
import { whyNoSmallDisk } from "./small-disk.ts";
import { compareTranscripts } from "./transcripts.ts";

// Issue 3, *Shown by* 1: a daemon that is killed again and again loses nothing and does nothing twice.
//
//     bun tools/proof/crash/main.ts [--kills N] [--hens N] [--points] [--disk] [--seed N]
//
// `--points` kills at every named point too, `--disk` fills and freezes a small disk. Exit code 1 when a promise broke.
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "500" },
    hens: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    points: { type: "boolean", default: false },
    disk: { type: "boolean", default: false },
  },
});
/** Jobs that are left when the killing ends are this soon done, s. */
const DRAIN_SECS_MAX = 120;
const FAULTS_SHOWN = 20;

const [kills, henCount, seed] = [Number(values.kills), Number(values.hens), Number(values.seed)];
let failed = 0;
let passed = 0;
let skipped = 0;

const folder = mkdtempSync(join(tmpdir(), "coop-crash-"));
try {
  console.log(
    `seed ${seed}: ${kills} random kills, ${values.points ? KILL_POINTS.length : 0} named points, ${henCount} hens`,
  );
  await proveCrashes();
  if (values.disk) await proveDisk(join(folder, "disk"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

async function proveCrashes(): Promise<void> {
  const random = createRandom(seed);
  const farmer = new Farmer(random);
  const rounds: Rounds = { dataDir: join(folder, "killed"), farmer, random };
  await hatchAll(rounds.dataDir, farmer);
  if (values.points) for (const point of KILL_POINTS) await attempt(point.name, () => killAtPoint(rounds, point));
  for (let kill = 1; kill <= kills; kill += 1) {
    await attempt(`random kill ${kill}`, () => killAtRandom(rounds));
    if (kill % 25 === 0) console.log(`${kill} of ${kills} kills, ${farmer.accepted.size} jobs accepted`);
  }
  await drain(rounds.dataDir);
  const farm = await readFarm(rounds.dataDir);
  const verdict = judge(farm, farmer);
  report("nothing lost, nothing twice", verdict.broken);
  const whole = await runWithoutCrash(farm.stories);
  report("transcripts equal those of an uninterrupted run", compareTranscripts(farm.stories, whole));
  console.log(`figure: kills = ${kills} random, ${values.points ? KILL_POINTS.length : 0} at named points`);
  console.log(`figure: jobs = ${farmer.accepted.size} accepted, ${verdict.jobs} stored, ${verdict.jobs} ended`);
  console.log(`figure: tool calls = ${verdict.calls}, of them ${verdict.unknown} shown as outcome unknown`);
}

async function proveDisk(place: string): Promise<void> {
  const name = "a disk that is full, that stops taking writes, that is read-only from the start";
  const obstacle = whyNoSmallDisk(place);
  if (obstacle === undefined) {
    report(name, await proveBadDisk(place));
    console.log("figure: small disk = full, frozen, read-only at the start");
    return;
  }
  skipped += 1;
  console.log(`skipped: ${name}: ${obstacle}`);
}

async function attempt(name: string, round: () => Promise<void>): Promise<void> {
  try {
    await round();
    passed += 1;
  } catch (error) {
    report(name, [error instanceof Error ? error.message : String(error)]);
  }
}

function report(name: string, broken: readonly string[]): void {
  if (broken.length === 0) passed += 1;
  else failed += 1;
  console.log(`${broken.length === 0 ? "holds" : "BROKEN"}: ${name}`);
  for (const line of broken.slice(0, FAULTS_SHOWN)) console.log(`  ${line}`);
  if (broken.length > FAULTS_SHOWN) console.log(`  and ${broken.length - FAULTS_SHOWN} more`);
}

async function hatchAll(dataDir: string, farmer: Farmer): Promise<void> {
  await withDaemon(dataDir, async (driver) => {
    for (let hen = 0; hen < henCount; hen += 1) await farmer.hatch(driver, `hen-${hen}`);
  });
}

function drain(dataDir: string): Promise<void> {
  return withDaemon(dataDir, (driver) => waitUntilIdle(driver, DRAIN_SECS_MAX));
}

/** The same prompts for hens of the same names on a farm of their own, which nobody kills. */
async function runWithoutCrash(stories: readonly Story[]): Promise<readonly Story[]> {
  const dataDir = join(folder, "whole");
  const farmer = new Farmer(createRandom(seed));
  const hens = new Set(stories.map(({ job }) => job.hen_id));
  await withDaemon(dataDir, async (driver) => {
    for (const hen of hens) await farmer.hatch(driver, hen.slice(hen.indexOf("/") + 1));
    for (const { job } of stories) await driver.submit(job.hen_id, job.prompt);
    await waitUntilIdle(driver, DRAIN_SECS_MAX + stories.length);
  });
  return (await readFarm(dataDir)).stories;
}

async function withDaemon(
  dataDir: string,
  work: (driver: NonNullable<Awaited<ReturnType<typeof startDaemon>["up"]>>) => Promise<void>,
): Promise<void> {
  const daemon = startDaemon(dataDir);
  const driver = await daemon.up;
  if (driver === undefined) throw new Error(`the daemon did not come up:\n${daemon.stderr()}`);
  await work(driver);
  daemon.signal("SIGTERM");
  const { exitCode } = await daemon.ended;
  if (exitCode !== 0) throw new Error(`SIGTERM ended the daemon with ${exitCode}:\n${daemon.stderr()}`);
}
