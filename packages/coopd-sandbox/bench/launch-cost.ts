/**
 * What a launch costs, against bwrap alone with the same arguments, in one run (architecture §8: at most 1.5 times, and
 * 10 ms from the daemon). Run it with `bun packages/coopd-sandbox/bench/launch-cost.ts`; it prints one JSON object.
 */
import { closeSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseHenId } from "coopd-core";
import { readHostLayout } from "../src/host/host-layout.ts";
import { bwrapArguments } from "../src/launch/bwrap-arguments.ts";
import { openDataFile } from "../src/launch/data-file.ts";
import { identityFiles } from "../src/launch/identity-files.ts";
import { ALL_WALLS } from "../src/launch/launch-walls.ts";
import { openSandbox } from "../src/open-sandbox.ts";
import { encodeBpf } from "../src/seccomp/assemble-bpf.ts";
import { makeSeccompFilter } from "../src/seccomp/seccomp-filter.ts";

const ROUNDS = 200;
const signal = new AbortController().signal;
const TRUE = { argv: ["true"], timeoutMs: 10_000, signal, outputBytesMax: 1024 };

interface Times {
  readonly min: number;
  readonly median: number;
  readonly p99: number;
}

function toTimes(samples: readonly number[]): Times {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100;
  return { min: at(0), median: at(0.5), p99: at(0.99) };
}

async function time(rounds: number, work: (round: number) => Promise<unknown>): Promise<Times> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work(round);
    samples.push(performance.now() - start);
  }
  return toTimes(samples);
}

/** The peer: bwrap with the very arguments, files and filter, spawned by hand, as whoever runs this. */
async function runBwrapAlone(folder: string, workdir: string): Promise<void> {
  const args = bwrapArguments({
    name: "aria",
    workdir,
    read: [],
    env: { HOME: "/home/aria", PATH: "/usr/bin:/bin" },
    layout: readHostLayout(),
    walls: ALL_WALLS,
  });
  const identity = identityFiles("aria");
  const filter = encodeBpf(makeSeccompFilter(process.arch === "arm64" ? "arm64" : "x64", { unixSockets: true }));
  const contents = [args.map((word) => `${word}\0`).join(""), "", identity.passwd, identity.group, identity.hosts];
  const fds = [...contents, identity.resolvConf, filter].map((content) => openDataFile(folder, content));
  const child = Bun.spawn(["/usr/bin/bwrap", "--args", "3", "--", "true"], {
    env: {},
    stdio: ["ignore", "ignore", "inherit", ...fds],
  });
  for (const fd of fds) closeSync(fd);
  if ((await child.exited) !== 0) throw new Error("bwrap alone failed");
}

/** How late a timer of 1 ms fires while hens flood, which is what a health check would wait. */
async function measureLateness(work: Promise<unknown>): Promise<Times> {
  const late: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late.push(Math.max(0, now - last - 1));
    last = now;
  }, 1);
  await work;
  clearInterval(timer);
  return toTimes(late);
}

const dataDir = mkdtempSync(`${tmpdir()}/coop-bench-`);
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: console.error, error: console.error };
const opened = performance.now();
const sandbox = await openSandbox({ dataDir, disabled: false, log });
const openMs = performance.now() - opened;
const base = sandbox.uidRange?.base;
const uidOf = (offset: number) => (base === undefined ? undefined : base + offset);
const hen = (name: string, offset: number) =>
  sandbox.openPen({ henId: parseHenId(`local.coop/${name}`), uid: uidOf(offset) });

const hatch = await time(50, (round) => hen(`h${round}`, round));
const first = await time(50, async (round) => sandbox.confine(await hen(`h${round}`, round), TRUE));
const aria = await hen("aria", 60);
const fast = mkdtempSync("/dev/shm/coop-bench-"); // where the sandbox puts its own
const alone = mkdtempSync(`${tmpdir()}/coop-alone-`);
const warm = await time(20, () => sandbox.confine(aria, TRUE));
// In turns, so that whatever else this machine does falls on both.
const confined: number[] = [];
const bwrap: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const start = performance.now();
  await sandbox.confine(aria, TRUE);
  const middle = performance.now();
  await runBwrapAlone(fast, alone);
  confined.push(middle - start);
  bwrap.push(performance.now() - middle);
}
const flood = { argv: ["sh", "-c", "timeout 3 yes"], timeoutMs: 10_000, signal, outputBytesMax: 65_536 };
const lateness = await measureLateness(Promise.all(Array.from({ length: 20 }, () => sandbox.confine(aria, flood))));
const idle = await measureLateness(Bun.sleep(1000));
const [ours, peer] = [toTimes(confined), toTimes(bwrap)];
console.log(
  JSON.stringify(
    {
      as: base === undefined ? "plain user" : "root",
      shared_limits: sandbox.sharedLimits.holds,
      open_ms: Math.round(openMs * 100) / 100,
      hatch_ms: hatch,
      first_process_ms: first,
      warm_up_ms: warm,
      confined_true_ms: ours,
      bwrap_alone_ms: peer,
      ratio_of_medians: Math.round((ours.median / peer.median) * 100) / 100,
      timer_lateness_idle_ms: idle,
      timer_lateness_20_floods_ms: lateness,
    },
    null,
    2,
  ),
);
await sandbox.close();
rmSync(dataDir, { recursive: true, force: true });
rmSync(fast, { recursive: true, force: true });
rmSync(alone, { recursive: true, force: true });
