import { join, relative, resolve } from "node:path";
import type { FirstBrain } from "../../packages/coop-cli/src/init/index.ts";
import { findLocalServers } from "../../packages/coop-cli/src/init/index.ts";
import { type CoopClient, DEFAULT_BASE_URL, openClient } from "../../packages/coop-client/src/index.ts";
import { CoopError, type Job } from "../../packages/coopd-core/src/index.ts";
import { type DemoDaemon, startDaemon } from "./daemon.ts";
import { DEMO_HEN, findReports, runFirstJob } from "./first-job.ts";
import { findPort } from "./free-port.ts";
import { findHolder, readToken } from "./holder.ts";
import { chooseBrain, ensureModelHen, renderSource } from "./model-sources.ts";

// `npm start`: a farm in ./.coop-demo with one hen and one finished job, in the foreground until Ctrl-C.
const startedAt = performance.now();
const root = process.cwd();
const dataDir = resolve(root, ".coop-demo");
/** Coop's own port; another one is worth a word. */
const USUAL_PORT = 9700;

// The farm is on this machine: a proxy of the environment must not come between.
process.env.NO_PROXY = ["127.0.0.1", process.env.NO_PROXY].filter(Boolean).join(",");
process.exitCode = await start();

async function start(): Promise<number> {
  const holder = await findHolder(dataDir);
  if (holder !== undefined) {
    print(`The farm already runs: http://${holder.address}/ (pid ${holder.pid}, data in ./.coop-demo).`);
    print(await renderLink(openClient({ baseUrl: `http://${holder.address}`, token: readToken(dataDir) })));
    return 0;
  }
  const [port, servers] = await Promise.all([findPort(), findLocalServers()]);
  if (port !== USUAL_PORT) print(`Port ${USUAL_PORT} is taken; using ${port === 0 ? "any free one" : port}.`);
  const brain = chooseBrain(process.env, servers);
  let daemon: DemoDaemon;
  try {
    daemon = await startDaemon(root, dataDir, port, brain?.kind === "key" ? brain.provider : undefined);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return 1;
  }
  const asked = askedToStop();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
  print(`The farm is up after ${seconds} s: http://${daemon.address}/ (pid ${daemon.pid}, data in ./.coop-demo)`);
  const isShown = await Promise.race([showFirstJob(daemon, brain), asked.then(() => true)]);
  if (!isShown) {
    await daemon.stop();
    return 1;
  }
  return waitForEnd(daemon, asked);
}

/** One Ctrl-C may arrive more than once (terminal, npm, the set-up step); the first one counts, the rest change nothing. */
function askedToStop(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop());
  });
}

/** @returns false when the hen could not be made or its job did not end DONE */
async function showFirstJob(daemon: DemoDaemon, brain: FirstBrain | undefined): Promise<boolean> {
  const client = openClient({ baseUrl: `http://${daemon.address}`, token: readToken(dataDir) });
  try {
    const job = await runFirstJob(client, root);
    print(await renderJob(client, job));
    if (brain !== undefined) {
      await ensureModelHen(client, brain);
      print(renderSource(brain, coopCommand(client)));
    }
    return job.status === "DONE";
  } catch (error) {
    if (!(error instanceof CoopError)) throw error;
    print(`Error: ${error.message}${error.next === undefined ? "" : `\n  next: ${error.next}`}`);
    return false;
  }
}

function coopCommand({ baseUrl }: CoopClient): string {
  return `npm run -s coop --${baseUrl === DEFAULT_BASE_URL ? "" : ` --api ${baseUrl}`}`;
}

async function renderJob(client: CoopClient, job: Job): Promise<string> {
  const reports = await findReports(client, job, dataDir);
  const coop = coopCommand(client);
  return [
    "",
    `${DEMO_HEN} was asked: ${job.prompt}`,
    `job ${job.id}: ${job.status} after ${job.turns} turns`,
    "",
    (job.result ?? job.error ?? "").replace(/^/gm, "    "),
    "",
    ...reports.map((path) => `It wrote ${relative(root, path)}`),
    "",
    await renderLink(client),
    "Next:",
    `    ${coop} job run ${DEMO_HEN} "What is in your workdir?" --wait`,
    `    ${coop} hen list`,
    "Ctrl-C stops the farm; npm start goes on with it.",
  ].join("\n");
}

/** A browser is logged in by it, once; nothing is opened unasked. */
async function renderLink(client: CoopClient): Promise<string> {
  const { url } = await client.access.onceLink();
  return `Open the farm's page: ${url}\n    It logs in once, within ten minutes; for another: ${coopCommand(client)} open`;
}

async function waitForEnd(daemon: DemoDaemon, asked: Promise<void>): Promise<number> {
  const ended = await Promise.race([daemon.ended.then(() => true), asked.then(() => false)]);
  if (ended) {
    print(`The daemon ended by itself; its log is ${relative(root, join(dataDir, "coopd.log"))}.`);
    return 1;
  }
  const stoppedAt = performance.now();
  await daemon.stop();
  print(`The farm has stopped (${((performance.now() - stoppedAt) / 1000).toFixed(1)} s).`);
  return 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
