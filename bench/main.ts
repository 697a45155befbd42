import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPrograms, commandOf, startDaemon } from "./daemon.ts";
import { type Figure, renderTable, shareOfBudget } from "./figure.ts";
import { openInstantBrain } from "./instant-brain.ts";
import { measureGate } from "./measures/gate.ts";
import { type InstantHens, measureJobs, measureSubmit, type Span } from "./measures/jobs.ts";
import { measureLists } from "./measures/lists.ts";
import { measureHealthUnderLoad, measureWatchers } from "./measures/load.ts";
import { measurePage } from "./measures/page.ts";
import { measureRequests } from "./measures/requests.ts";
import { measureCommand, measureEmptyStart, measureExecutable, measureFullStart } from "./measures/starts.ts";
import { measureTerminalPage } from "./measures/terminal-page.ts";
import { seedFarm } from "./seed-farm.ts";
import { openWire, type Wire } from "./wire.ts";

// `npm run bench -- [--base URL] [--against URL] [--quick] [--only WORD] [--strict]`: figures against the budgets of
// architecture §8. Without --base it builds the programs, which is what the budgets are for, and starts daemons of its own; --against measures another coopd-compatible daemon in
// the same run, over the public API alone. --only takes measures whose name has the word. With --strict a missed budget
// is exit code 1. Results lie in .bench/.
const { values } = parseArgs({
  options: {
    base: { type: "string" },
    against: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    strict: { type: "boolean", default: false },
  },
});
/** A farm runs for weeks, so it is measured warm: some 8,000 jobs until the engine has compiled what they use. */
const span: Span = values.quick ? { warmMs: 500, measureMs: 1_500 } : { warmMs: 10_000, measureMs: 6_000 };
/**
 * Jobs that may run at once where hens do nothing but jobs: as many as a farm of 16 cores lets by default. A small machine's own
 * 4 × cores are for models that think for seconds; with one that answers at once, eight jobs only wait for the disk in turn.
 */
const AT_ONCE = 64;
const folder = mkdtempSync(join(tmpdir(), "coop-bench-"));
const brain = openInstantBrain();
const COMPATIBLE: InstantHens = {
  label: "openai-compat",
  brain: `{provider_id: none, provider: openai-compat, base_url: "${brain.baseUrl}", model: instant}`,
  prompt: "work",
};
const SCRIPTED: InstantHens = {
  label: "script",
  brain: "{provider_id: none, provider: script, model: hello}",
  prompt: "work",
};

const ours: Figure[] = [];
const theirs: Figure[] = [];
/** Those that every measure of the public API is taken of, one right after the other, so that both meet the same noise. */
const measured: { readonly wire: Wire; readonly figures: Figure[] }[] = [];

try {
  if (values.base === undefined) await measureOwn();
  else await measureWires(values.base);
  console.log(renderTable(ours, theirs));
  for (const { what, value, unit } of ours) console.log(`figure: ${what} = ${Number(value.toPrecision(4))} ${unit}`);
  keep({ at: new Date().toISOString(), quick: values.quick, figures: ours, against: theirs });
  if (values.strict && ours.some((figure) => (shareOfBudget(figure) ?? 0) > 1)) process.exitCode = 1;
} finally {
  await brain.close();
  rmSync(folder, { recursive: true, force: true });
}

/** What any coopd-compatible daemon can be asked over its API. */
async function measureWires(base: string): Promise<void> {
  measured.push({ wire: openWire(base), figures: ours });
  if (values.against !== undefined) measured.push({ wire: openWire(values.against), figures: theirs });
  for (const { wire, figures } of measured) {
    console.log(`${figures === ours ? "measuring" : "against"} ${wire.base}`);
  }
  await measureJobsOf(COMPATIBLE, measured);
  await measureEach("requests", (wire) => measureRequests(wire, span));
  await measureEach("submit", (wire) => measureSubmit(wire, COMPATIBLE, span));
  await measureEach("watchers", async (wire) => [await measureWatchers(wire, COMPATIBLE, span)]);
}

async function measureJobsOf(hens: InstantHens, of: typeof measured): Promise<void> {
  for (const count of [1, 50, 500]) {
    const budget = count === 50 ? { least: 1_000 } : undefined;
    const work = async (wire: Wire) => [await measureJobs(wire, count, hens, span, budget)];
    await measureEach(`jobs ${hens.label} ${count}`, work, of);
  }
}

/** Everything, on daemons that the bench starts. */
async function measureOwn(): Promise<void> {
  await buildPrograms();
  const command = commandOf("coopd", "dist");
  const work = await startDaemon(join(folder, "work"), command, { COOP_JOBS_AT_ONCE: String(AT_ONCE) });
  await measureWires(work.base);
  await measureJobsOf(SCRIPTED, measured.slice(0, 1)); // only ours has a scripted brain
  for (const origin of ["source", "dist"] as const) {
    await measure(`health command ${origin}`, () => measureCommand(work.base, origin));
  }
  await work.stop();
  await measure("executable", () => measureExecutable());
  const busy = await startDaemon(join(folder, "busy"), command, { COOP_JOBS_AT_ONCE: "100" });
  await measure("healthz", () => measureHealthUnderLoad(openWire(busy.base), span));
  await busy.stop();
  for (const origin of ["source", "dist"] as const) {
    await measure(`start ${origin}`, () => measureEmptyStart(folder, origin));
  }
  await measure("gate", () =>
    measureGate(values.quick ? { connections: 60, megabytes: 64 } : { connections: 400, megabytes: 512 }),
  );
  await measure("full farm", () => measureFullFarm());
  await measure("terminal page", () => measureTerminalPage(folder));
  await measure("page", () => measurePage(folder, values.quick ? 3_000 : 10_000));
}

async function measureFullFarm(): Promise<readonly Figure[]> {
  const dataDir = join(folder, "full");
  const jobs = await seedFarm(dataDir, 1_000, 100_000);
  const figures: Figure[] = [];
  for (const origin of ["source", "dist"] as const) {
    const started = await measureFullStart(dataDir, origin);
    figures.push(...started.figures);
    if (origin === "dist") {
      const wire = openWire(started.daemon.base);
      figures.push(...(await measureLists(wire, "local.coop/seeded-7", jobs[jobs.length / 2] ?? "")));
    }
    await started.daemon.stop();
  }
  return figures;
}

async function measureEach(
  name: string,
  work: (wire: Wire) => Promise<readonly Figure[]>,
  of = measured,
): Promise<void> {
  for (const { wire, figures } of of) await measure(name, () => work(wire), figures);
}

async function measure(name: string, work: () => Promise<readonly Figure[]>, figures = ours): Promise<void> {
  if (!name.includes(values.only)) return;
  console.log(`measuring ${name}`);
  figures.push(...(await work()));
}

function keep(results: object): void {
  const place = join(import.meta.dir, "../.bench");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, `${new Date().toISOString().replaceAll(":", "-")}.json`), JSON.stringify(results, null, 2));
}
