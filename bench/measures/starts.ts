import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { commandOf, type Daemon, type Origin, startDaemon } from "../daemon.ts";
import { type Figure, quantile } from "../figure.ts";

const STARTS = 5;
const COMMANDS_RUN = 20;
/** Idle means idle: what the start allocated is given back by then, ms. */
const SETTLE_MS = 3_000;

/** Budgets are for what is shipped; a clone, whose sources are read and translated at every start, is shown beside it. */
function budgetOf(origin: Origin, most: number): Pick<Figure, "budget"> {
  return origin === "dist" ? { budget: { most } } : {};
}

/** From starting the process to healthy, on an empty directory; the median of {@link STARTS}. */
export async function measureEmptyStart(folder: string, from: Origin): Promise<readonly Figure[]> {
  const command = commandOf("coopd", from);
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const dataDir = join(folder, `empty-${from}-${start}`);
    mkdirSync(dataDir);
    const daemon = await startDaemon(dataDir, command);
    times.push(daemon.upMs);
    await daemon.stop();
  }
  return [
    { what: `daemon to healthy, empty, ${from}`, value: quantile(times, 0.5), unit: "ms", ...budgetOf(from, 300) },
  ];
}

/** The same with the farm in `dataDir`, and what it then takes of memory while nothing happens. */
export async function measureFullStart(
  dataDir: string,
  from: Origin,
): Promise<{ readonly daemon: Daemon; readonly figures: readonly Figure[] }> {
  const daemon = await startDaemon(dataDir, commandOf("coopd", from));
  await Bun.sleep(SETTLE_MS);
  const figures: readonly Figure[] = [
    {
      what: `daemon to healthy, 1,000 hens, 100,000 jobs, ${from}`,
      value: daemon.upMs,
      unit: "ms",
      ...budgetOf(from, 2_000),
    },
    { what: `idle memory, 1,000 hens, ${from}`, value: daemon.rssMb(), unit: "MB", ...budgetOf(from, 80) },
  ];
  return { daemon, figures };
}

/** The built file's size, and how long it takes to say its version: what a start costs at least. */
export async function measureExecutable(): Promise<readonly Figure[]> {
  const [coop = ""] = commandOf("coop", "dist");
  const start = await medianOf([coop, "--version"], {});
  return [
    { what: "size of the executable", value: statSync(coop).size / 1e6, unit: "MB" },
    { what: "coop --version, dist", value: start, unit: "ms" },
  ];
}

/** `coop health`, a process each time; the median of {@link COMMANDS_RUN}. */
export async function measureCommand(base: string, from: Origin): Promise<readonly Figure[]> {
  const command = commandOf("coop", from);
  const value = await medianOf([...command, "health"], { COOP_API: base });
  return [{ what: `coop health, ${from}`, value, unit: "ms", ...budgetOf(from, 25) }];
}

/** Milliseconds from start to end, the median of {@link COMMANDS_RUN}. @throws Error when it ends with another code than 0 */
async function medianOf(command: readonly string[], settings: Readonly<Record<string, string>>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < COMMANDS_RUN; run += 1) {
    const startedAt = performance.now();
    const child = Bun.spawn([...command], {
      stdout: "ignore",
      stderr: "ignore",
      env: { PATH: process.env.PATH ?? "", ...settings },
    });
    if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} ended with ${child.exitCode}`);
    times.push(performance.now() - startedAt);
  }
  return quantile(times, 0.5);
}
