import { closeSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import type { NetworkSpec } from "coopd-core";
import { readHostLayout } from "../src/host/host-layout.ts";
import { bwrapArguments } from "../src/launch/bwrap-arguments.ts";
import { openDataFile } from "../src/launch/data-file.ts";
import { identityFiles } from "../src/launch/identity-files.ts";
import { ALL_WALLS } from "../src/launch/launch-walls.ts";
import { encodeBpf } from "../src/seccomp/assemble-bpf.ts";
import { makeSeccompFilter } from "../src/seccomp/seccomp-filter.ts";
import { requirePrograms } from "../src/testing/test-programs.ts";
import { henId, makeFolder, openTestSandbox } from "../src/testing/test-sandbox.ts";

// `bun proof/launch-cost.ts [--rounds 300]`: issue 4, *Shown by* 4. A sandboxed `true` against bwrap with the same arguments, one
// after the other so that both meet the same noise; the first process of a hen; a hatch's part in the sandbox. Exit code 1
// when the median of the first is more than half as much again as that of the second.
const { values } = parseArgs({ options: { rounds: { type: "string", default: "300" } } });
const rounds = Number(values.rounds);
const RATIO_MAX = 1.5;
const HENS = 20;

const bench = await openTestSandbox();
const { sandbox } = bench;
const programs = requirePrograms();
const spec = {
  argv: ["true"],
  timeoutMs: 60_000,
  signal: new AbortController().signal,
  outputBytesMax: 1000,
};
let uid = sandbox.uidRange?.base;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? Number.NaN;
}

function tell(what: string, times: readonly number[]): number {
  const [least, median] = [quantile(times, 0), quantile(times, 0.5)];
  process.stdout.write(`figure: ${what}, least = ${least.toFixed(2)} ms\nfigure: ${what} = ${median.toFixed(2)} ms\n`);
  return median;
}

const open = (name: string, network: NetworkSpec | null) => {
  const own = uid;
  if (uid !== undefined) uid += 1;
  return sandbox.openPen({ henId: henId(name), uid: own, network });
};

/** bwrap alone, from this process, in the host's network and without a drop of rights. */
function openBare(): { run(): Promise<void>; close(): void } {
  const workdir = makeFolder("coop-bare-");
  const scratch = makeFolder("coop-bare-");
  const identity = identityFiles("aria");
  const filter = encodeBpf(makeSeccompFilter(process.arch === "arm64" ? "arm64" : "x64", { unixSockets: true }));
  const plan = { name: "aria", workdir, read: [], env: { PATH: "/usr/bin:/bin" }, layout: readHostLayout() };
  const args = bwrapArguments({ ...plan, walls: ALL_WALLS }).map((word) => `${word}\0`);
  const { passwd, group, hosts, resolvConf } = identity;
  const contents = [args.join(""), "", passwd, group, hosts, resolvConf, filter]; // in the order of LAUNCH_FDS, from 3 on
  const run = async () => {
    const fds = contents.map((content) => openDataFile(scratch, content));
    const child = Bun.spawn([programs.bwrap, "--args", "3", "--", "true"], {
      env: {},
      cwd: "/",
      stdio: ["ignore", "ignore", "inherit", ...fds],
    });
    for (const fd of fds) closeSync(fd);
    if ((await child.exited) !== 0) throw new Error(`bwrap alone ended with ${child.exitCode}`);
  };
  const close = () => [workdir, scratch].forEach((folder) => void rmSync(folder, { recursive: true }));
  return { run, close };
}

const bare = openBare();
const pen = await open("aria", null);
await sandbox.confine(pen, spec);
const [ours, theirs]: [number[], number[]] = [[], []];
for (let round = 0; round < rounds; round += 1) {
  theirs.push(await timed(bare.run));
  ours.push(await timed(() => sandbox.confine(pen, spec)));
}
const ratio = tell("sandboxed true", ours) / tell("bwrap with the same arguments", theirs);
process.stdout.write(`figure: ratio of the medians = ${ratio.toFixed(2)}\n`);

const firsts: Record<string, number[]> = { off: [], open: [] };
const hatches: number[] = [];
for (let hen = 0; hen < HENS; hen += 1) {
  for (const [name, network] of [
    ["off", { policy: "off", allow: [] }],
    ["open", null],
  ] as const) {
    const id = `${name}-${hen}`;
    const startedAt = performance.now();
    const made = await open(id, network);
    hatches.push(performance.now() - startedAt);
    firsts[name]?.push(await timed(() => sandbox.confine(made, spec)));
    await sandbox.removePen(henId(id));
  }
}
tell("pen of a hen", hatches);
tell("first process of a hen, policy off", firsts.off ?? []);
tell("first process of a hen, policy open", firsts.open ?? []);
bare.close();
await bench.close();
process.exit(ratio > RATIO_MAX ? 1 : 0);
