import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commandOf, startDaemon } from "./daemon.ts";
import { type Figure, renderTable, shareOfBudget } from "./figure.ts";
import { openInstantBrain } from "./instant-brain.ts";
import { type InstantHens, measureJobs, measureSubmit, type Span } from "./measures/jobs.ts";
import { measureLists } from "./measures/lists.ts";
import { measureHealthUnderLoad, measureWatchers } from "./measures/load.ts";
import { measureCommand, measureEmptyStart, measureFullStart } from "./measures/starts.ts";
import { seedFarm } from "./seed-farm.ts";
import { openWire } from "./wire.ts";

// `npm run bench -- [--base URL] [--against URL] [--quick] [--only WORD] [--strict]`: figures against the budgets of
// architecture §8. Without --base it starts daemons of its own; --against measures another coopd-compatible daemon in
// the same run, over the public API alone. --only takes measures whose name has the word. With --strict a missed budget
// is exit code 1. Results lie in bench/results/.
const { values } = parseArgs({
  options: {
    base: { type: "string" },
    against: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    strict: { type: "boolean", default: false },
  },
});
const span: Span = values.quick ? { warmMs: 500, measureMs: 1_500 } : { warmMs: 2_000, measureMs: 6_000 };
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

try {
  const figures = values.base === undefined ? await measureOurs() : await measureWire(values.base, [COMPATIBLE]);
  const against = values.against === undefined ? [] : await measureWire(values.against, [COMPATIBLE]);
  console.log(renderTable(figures, against));
  for (const { what, value, unit } of figures) console.log(`figure: ${what} = ${Number(value.toPrecision(4))} ${unit}`);
  keep({ at: new Date().toISOString(), quick: values.quick, figures, against });
  if (values.strict && figures.some((figure) => (shareOfBudget(figure) ?? 0) > 1)) process.exitCode = 1;
} finally {
  await brain.close();
  rmSync(folder, { recursive: true, force: true });
}

/** What any coopd-compatible daemon can be asked over its API. */
async function measureWire(base: string, brains: readonly InstantHens[]): Promise<Figure[]> {
  const wire = openWire(base);
  const figures: Figure[] = [];
  for (const hens of brains) {
    for (const count of [1, 50, 500]) {
      const budget = count === 50 ? { least: 1_000 } : undefined;
      await measure(figures, `jobs ${hens.label} ${count}`, async () => [
        await measureJobs(wire, count, hens, span, budget),
      ]);
    }
  }
  const hens = brains[0] as InstantHens;
  await measure(figures, "submit", () => measureSubmit(wire, hens, span));
  await measure(figures, "watchers", async () => [await measureWatchers(wire, hens, span)]);
  return figures;
}

async function measureOurs(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const from = commandOf("coopd", "dist") === undefined ? "source" : "dist";
  const command = commandOf("coopd", from) ?? [];
  const work = await startDaemon(join(folder, "work"), command);
  figures.push(...(await measureWire(work.base, [SCRIPTED, COMPATIBLE])));
  for (const origin of ["source", "dist"] as const) {
    await measure(figures, `health command ${origin}`, () => measureCommand(work.base, origin));
  }
  await work.stop();
  const busy = await startDaemon(join(folder, "busy"), command, { COOP_JOBS_AT_ONCE: "100" });
  await measure(figures, "healthz", () => measureHealthUnderLoad(openWire(busy.base), span));
  await busy.stop();
  for (const origin of ["source", "dist"] as const) {
    await measure(figures, `start ${origin}`, () => measureEmptyStart(folder, origin));
  }
  await measure(figures, "full farm", () => measureFullFarm());
  return figures;
}

async function measureFullFarm(): Promise<readonly Figure[]> {
  const dataDir = join(folder, "full");
  const jobs = await seedFarm(dataDir, 1_000, 100_000);
  const figures: Figure[] = [];
  for (const origin of ["source", "dist"] as const) {
    const started = await measureFullStart(dataDir, origin);
    if (started === undefined) continue;
    figures.push(...started.figures);
    if (origin === "source") {
      const wire = openWire(started.daemon.base);
      figures.push(...(await measureLists(wire, "local.coop/seeded-7", jobs[jobs.length / 2] ?? "")));
    }
    await started.daemon.stop();
  }
  return figures;
}

async function measure(figures: Figure[], name: string, work: () => Promise<readonly Figure[]>): Promise<void> {
  if (!name.includes(values.only)) return;
  console.log(`measuring ${name}`);
  figures.push(...(await work()));
}

function keep(results: object): void {
  const place = join(import.meta.dir, "results");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, `${new Date().toISOString().replaceAll(":", "-")}.json`), JSON.stringify(results, null, 2));
}
