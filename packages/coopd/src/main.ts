import { type CoopError, exitCodeOf, type Log, toCoopError } from "coopd-core";
import { openDaemon } from "./compose.ts";
import {
  bypassProxyForLoopback,
  type Config,
  forgetSecrets,
  type Invocation,
  readInvocation,
  showConfig,
} from "./config.ts";
import { createLog } from "./log/log.ts";
import { USAGE } from "./usage.ts";
import { VERSION } from "./version.ts";

/** The daemon is gone this long after the signal, ms, whatever hangs (contract/http-api.md §8, row 1: 4 s). */
const STOP_MS_MAX = 3_500;

async function main(): Promise<void> {
  const invocation = readOrExit();
  switch (invocation.command) {
    case "help":
      process.stdout.write(USAGE);
      return;
    case "version":
      process.stdout.write(`coopd ${VERSION}\n`);
      return;
    case "config-show":
      process.stdout.write(showConfig(invocation.config));
      return;
    case "serve":
      await serve(invocation.config);
  }
}

function readOrExit(): Invocation {
  const argv = process.argv.slice(2);
  if (argv.length === 0) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  try {
    return readInvocation(argv);
  } catch (error) {
    fail(toCoopError(error), 2);
  }
}

async function serve(config: Config): Promise<void> {
  const log = createLog({
    level: config.logLevel,
    format: config.logFormat,
    write: (line) => process.stderr.write(line),
    color: process.stderr.isTTY === true && config.mayColor,
  });
  forgetSecrets();
  bypassProxyForLoopback();
  process.umask(0o077); // every file of the daemon is its own from the first byte
  const daemon = await openDaemon(config, log);
  log.info("coopd is up", {
    version: VERSION,
    address: `http://${daemon.address}/`,
    data_dir: config.dataDir,
    pid: process.pid,
  });
  if (config.auth === "none") log.warn("COOP_AUTH=none: every process of this machine may use the API");
  await stopOnSignal(daemon, log);
}

function stopOnSignal(daemon: { close(): Promise<void> }, log: Log): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = async (signal: string) => {
      if (isStopping) return;
      isStopping = true;
      log.info("stopping", { signal });
      const deadline = setTimeout(() => {
        log.error("stopping took too long; what ran goes on from its journal at the next start");
        process.exit(1);
      }, STOP_MS_MAX);
      await daemon.close();
      clearTimeout(deadline);
      log.info("stopped");
      resolve();
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
  });
}

function fail(error: CoopError, exitCode = exitCodeOf(error.code) === 2 ? 2 : 1): never {
  process.stderr.write(`Error: ${error.message}\n${error.next === undefined ? "" : `  next: ${error.next}\n`}`);
  process.exit(exitCode);
}

await main().then(
  () => process.exit(0),
  (error) => {
    const ours = toCoopError(error);
    if (ours.code === "internal") process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    fail(ours);
  },
);
