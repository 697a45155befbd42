import { join } from "node:path";
import { type CoopClient, DEFAULT_BASE_URL, openClient } from "coop-client";
import { CoopError, type Job, toCoopError } from "coopd-core";
import { type FirstBrain, findLocalServers } from "../init/index.ts";
import { type DaemonCommand, type DemoDaemon, startDaemon } from "./daemon.ts";
import { DEMO_HEN, findReports, runFirstJob } from "./first-job.ts";
import { findPort, USUAL_PORT } from "./free-port.ts";
import { findHolder, readToken } from "./holder.ts";
import { chooseBrain, ensureModelHen, renderSource } from "./model-sources.ts";

/** What a demo is told. */
export interface DemoParts {
  readonly dataDir: string;
  readonly daemon: DaemonCommand;
  /** Of the demo's hen. */
  readonly manifest: Uint8Array;
  /** All variables; keys of model providers are looked for among them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What a person types for `coop`. */
  readonly coop: string;
  /** What becomes of the farm behind Ctrl-C, as a sentence. */
  readonly afterwards: string;
  /** How a path is said. */
  readonly show: (path: string) => string;
  /** One line or more for a person. */
  readonly print: (text: string) => Promise<void>;
}

/**
 * A farm with one hen and one finished job, in the foreground until Ctrl-C, which is listened to from here on.
 * @returns the exit code; 1 when the farm did not start, or its job did not end DONE
 */
export async function runDemo(parts: DemoParts): Promise<number> {
  const startedAt = performance.now();
  const { dataDir, environment, print, show } = parts;
  const holder = await findHolder(dataDir);
  if (holder !== undefined) {
    await print(`The farm already runs: http://${holder.address}/ (pid ${holder.pid}, data in ${show(dataDir)}).`);
    await print(await renderLink(parts, openFarm(parts, holder.address)));
    return 0;
  }
  const [port, servers] = await Promise.all([findPort(), findLocalServers()]);
  if (port !== USUAL_PORT) await print(`Port ${USUAL_PORT} is taken; using ${port === 0 ? "any free one" : port}.`);
  const brain = chooseBrain(environment, servers);
  const asked = askedToStop();
  let daemon: DemoDaemon;
  try {
    const key = brain?.kind === "key" ? brain.provider : undefined;
    daemon = await startDaemon(parts.daemon, { dataDir, port, environment, key });
  } catch (error) {
    await print(toCoopError(error).message);
    return 1;
  }
  try {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
    const where = `http://${daemon.address}/ (pid ${daemon.pid}, data in ${show(dataDir)})`;
    await print(`The farm is up after ${seconds} s: ${where}`);
    const isShown = await Promise.race([showFirstJob(parts, daemon, brain), asked.then(() => true)]);
    return isShown ? await waitForEnd(parts, daemon, asked) : 1;
  } finally {
    await daemon.stop(); // whatever happened: a reader that went away too
  }
}

/** One Ctrl-C may arrive more than once (terminal, npm, the set-up step); the first one counts, the rest change nothing. */
function askedToStop(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop());
  });
}

function openFarm({ dataDir, environment }: DemoParts, address: string): CoopClient {
  return openClient({ baseUrl: `http://${address}`, token: readToken(dataDir, environment) });
}

/** @returns false when the hen could not be made or its job did not end DONE */
async function showFirstJob(parts: DemoParts, daemon: DemoDaemon, brain: FirstBrain | undefined): Promise<boolean> {
  const { print, manifest, dataDir } = parts;
  const client = openFarm(parts, daemon.address);
  try {
    const job = await runFirstJob(client, manifest, dataDir);
    await print(await renderJob(parts, client, job));
    if (brain !== undefined) {
      await ensureModelHen(client, brain);
      await print(renderSource(brain, coopCommand(parts, client)));
    }
    return job.status === "DONE";
  } catch (error) {
    if (!(error instanceof CoopError)) throw error;
    await print(`Error: ${error.message}${error.next === undefined ? "" : `\n  next: ${error.next}`}`);
    return false;
  }
}

function coopCommand({ coop }: DemoParts, { baseUrl }: CoopClient): string {
  return `${coop}${baseUrl === DEFAULT_BASE_URL ? "" : ` --api ${baseUrl}`}`;
}

async function renderJob(parts: DemoParts, client: CoopClient, job: Job): Promise<string> {
  const reports = await findReports(client, job, parts.dataDir);
  const coop = coopCommand(parts, client);
  return [
    "",
    `${DEMO_HEN} was asked: ${job.prompt}`,
    `job ${job.id}: ${job.status} after ${job.turns} turns`,
    "",
    (job.result ?? job.error ?? "").replace(/^/gm, "    "),
    "",
    ...reports.map((path) => `It wrote ${parts.show(path)}`),
    "",
    await renderLink(parts, client),
    "Next:",
    `    ${coop} job run ${DEMO_HEN} "What is in your workdir?" --wait`,
    `    ${coop} hen list`,
    parts.afterwards,
  ].join("\n");
}

/** A browser is logged in by it, once; nothing is opened unasked. */
async function renderLink(parts: DemoParts, client: CoopClient): Promise<string> {
  const { url } = await client.access.onceLink();
  const again = `${coopCommand(parts, client)} open`;
  return `Open the farm's page: ${url}\n    It logs in once, within ten minutes; for another: ${again}`;
}

async function waitForEnd(parts: DemoParts, daemon: DemoDaemon, asked: Promise<void>): Promise<number> {
  const { print, show, dataDir } = parts;
  const ended = await Promise.race([daemon.ended.then(() => true), asked.then(() => false)]);
  if (ended) {
    await print(`The daemon ended by itself; its log is ${show(join(dataDir, "coopd.log"))}.`);
    return 1;
  }
  const stoppedAt = performance.now();
  await daemon.stop();
  await print(`The farm has stopped (${((performance.now() - stoppedAt) / 1000).toFixed(1)} s).`);
  return 0;
}
