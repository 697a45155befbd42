import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CoopError } from "coopd-core";
import type { KeyedProvider } from "../init/index.ts";
import { answers, type Holder, readHolder } from "./holder.ts";
import { daemonSettings } from "./model-sources.ts";

/** A running `coopd serve`. Whoever starts it stops it. */
export interface DemoDaemon extends Holder {
  /** SIGTERM, then SIGKILL at the deadline: it is gone within 4 s of the call. */
  stop(): Promise<void>;
  /** Resolves when it ends, by itself or not; its exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** The daemon stops within 4 s of SIGTERM by its own promise; this leaves the rest of them to be killed in. */
const STOP_MS_MAX = 3_800;
/** Longer than any start that works: a farm of 100,000 jobs takes two seconds. */
const START_MS_MAX = 20_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** How the daemon is started. */
export interface DaemonCommand {
  readonly argv: readonly string[];
  /** The name that the program is to find itself called by; the executable goes by it. */
  readonly argv0?: string;
}

/** The daemon of this very program: the executable by its other name, or from source the file beside this package. */
export function ownDaemon(): DaemonCommand {
  if (import.meta.path.startsWith("/$bunfs/")) return { argv: [process.execPath], argv0: "coopd" };
  // Without the two flags Bun would load `.env` and run `bunfig.toml` of the folder it is started in.
  const main = join(import.meta.dir, "../../../coopd/src/main.ts");
  return { argv: [process.execPath, "--no-env-file", "--config=/dev/null", main] };
}

/** Where a demo's daemon runs, and with what. */
export interface DaemonPlace {
  readonly dataDir: string;
  readonly port: number;
  readonly environment: Environment;
  /** The one provider whose key it is given. */
  readonly key: KeyedProvider | undefined;
}

/**
 * Starts the daemon and waits until it is healthy. Its log goes to `<dataDir>/coopd.log`.
 * @throws CoopError `unreachable` with the end of the log when it ends before that, or is not healthy in time
 */
export async function startDaemon(
  { argv, argv0 }: DaemonCommand,
  { dataDir, port, environment, key }: DaemonPlace,
): Promise<DemoDaemon> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const logPath = join(dataDir, "coopd.log");
  const log = openSync(logPath, "w", 0o600);
  const child = Bun.spawn([...argv, "--data-dir", dataDir, "serve", "--addr", `127.0.0.1:${port}`], {
    ...(argv0 === undefined ? {} : { argv0 }),
    cwd: dataDir,
    env: { ...withoutKeys(environment, key?.variable), ...(key === undefined ? {} : daemonSettings(key)) },
    stdin: "ignore",
    stdout: log,
    stderr: log,
    detached: true, // Ctrl-C goes to the whole foreground group; the daemon is told once, by us
  });
  closeSync(log);
  const deadline = performance.now() + START_MS_MAX;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const holder = readHolder(dataDir);
    if (holder?.pid === child.pid && (await answers(holder.address))) {
      return { ...holder, ended: child.exited.then(() => child.exitCode), stop: () => stop(child) };
    }
    await Bun.sleep(10);
  }
  await stop(child);
  const tail = readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-12).join("\n");
  throw new CoopError("unreachable", `the daemon did not start:\n${tail}`);
}

async function stop(child: Bun.Subprocess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
  await child.exited;
  clearTimeout(kill);
}

/** The daemon gets the one provider's key that a hen of the demo is made for, and no other; Coop's own settings hold. */
export function withoutKeys(environment: Environment, used: string | undefined): Record<string, string | undefined> {
  const isKey = (name: string) => /_(?:API_KEY|TOKEN|SECRET)$/.test(name) && !name.startsWith("COOP_") && name !== used;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isKey(name)));
}
