// Issue 4, *Shown by* 2: hens that do their worst, all at once, on a real daemon. Prints how long healthz takes meanwhile,
// and ends with 1 when its p99 is beyond 50 ms (architecture §8), when the daemon is gone, or when something of a hen
// still runs after its job.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandOf, startDaemon } from "../../../bench/daemon.ts";
import { quantile } from "../../../bench/figure.ts";
import { openWire, type Wire } from "../../../bench/wire.ts";

const MEASURE_MS = 20_000;
const P99_MS_MAX = 50;
/** A length of sleep by which what outlives a job is known. */
const MARK = "7413.2291";

const TRAPS: Readonly<Record<string, string>> = {
  forks: ":(){ :|:& };:; sleep 8",
  memory: "perl -e 'my @a; push @a, \"x\" x 1048576 while 1'",
  disk: "while :; do head -c 8388608 /dev/zero >> big; done",
  inodes: "mkdir -p d; i=0; while :; do : > d/$i; i=$((i+1)); done",
  flood: "yes flooding the daemon with output",
  orphans: `for i in 1 2 3 4 5; do (setsid nohup sleep ${MARK} >/dev/null 2>&1 &); done; sleep 1`,
  sparse: "truncate -s 3G hole; cat hole | head -c 1000000000 > /dev/null; yes > /dev/stderr",
  pipes: "mkfifo p; (cat p &); sleep 8; ln -s /etc/shadow s; cat s",
};

const dataDir = mkdtempSync(join(tmpdir(), "coop-hostile-"));
const daemon = await startDaemon(dataDir, commandOf("coopd", "source") ?? []);
let failures = 0;
try {
  const wire = openWire(daemon.base);
  const hens = await Promise.all(Object.keys(TRAPS).map((name) => hatch(wire, name)));
  let isOver = false;
  let jobs = 0;
  const work = hens.map(async ({ id, prompt }) => {
    while (!isOver) {
      const job = await wire.submit(id, prompt);
      for (let status = "QUEUED"; status === "QUEUED" || status === "RUNNING"; await Bun.sleep(200)) {
        status = ((await wire.call("GET", `/jobs/${job}`)) as { status: string }).status;
      }
      jobs += 1;
    }
  });
  const times: number[] = [];
  for (const end = performance.now() + MEASURE_MS; performance.now() < end; await Bun.sleep(10)) {
    const startedAt = performance.now();
    await wire.call("GET", "/healthz");
    times.push(performance.now() - startedAt);
  }
  isOver = true;
  await Promise.all(work);
  const p99 = quantile(times, 0.99);
  console.log(`figure: hostile jobs that ended = ${jobs}`);
  console.log(`figure: healthz p50 = ${quantile(times, 0.5).toFixed(1)} ms`);
  console.log(`figure: healthz p99 = ${p99.toFixed(1)} ms`);
  check(`healthz p99 stays within ${P99_MS_MAX} ms`, p99 <= P99_MS_MAX);
  check("every trap's job ended", jobs >= hens.length);
  check("nothing outlives its job", survivors().length === 0);
} finally {
  await daemon.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

async function hatch(wire: Wire, name: string) {
  const manifest = [
    "spec_version: coop/v1",
    `name: ${name}`,
    "brain: {provider_id: none, provider: script, model: prompt}",
    "tools: [bash]",
    'network: {policy: "off"}',
    "resources: {ram_limit_mb: 256, disk_mb: 256}",
    "",
  ].join("\n");
  const id = (await wire.call("POST", "/hens", manifest)) as string;
  await wire.call("POST", `/hens/${encodeURIComponent(id)}/hatch`);
  const input = { command: TRAPS[name], timeout_s: 10 };
  return { id, prompt: JSON.stringify([{ tools: [{ name: "bash", input }] }, { text: "survived" }]) };
}

function check(what: string, holds: boolean): void {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) failures += 1;
}

function survivors(): readonly string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(MARK);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
