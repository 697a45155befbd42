import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensurePage } from "../page/ensure-page.ts";

export const ROOT = resolve(import.meta.dir, "../..");
const DEAF = [process.execPath, "--no-env-file", "--config=/dev/null"];

/** How to start the two programs: the command, arguments go behind it. */
export interface Programs {
  readonly coop: readonly string[];
  readonly coopd: readonly string[];
}

/** Both programs as they run from source. */
export const FROM_SOURCE: Programs = {
  coop: [...DEAF, join(ROOT, "packages/coop-cli/src/main.ts")],
  coopd: [...DEAF, join(ROOT, "packages/coopd/src/main.ts")],
};

/** Nothing of this machine's settings reaches the programs. */
export function bareEnvironment(home: string): Readonly<Record<string, string>> {
  return { PATH: process.env.PATH ?? "", HOME: home, NO_COLOR: "1" };
}

/** A daemon on a free port; disposing of it stops it with SIGTERM. */
export interface RunningDaemon extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** SIGTERM; the exit code, and how long it took. */
  stop(): Promise<{ readonly exitCode: number | null; readonly seconds: number }>;
  /** SIGKILL, as the power would fail. */
  kill(): Promise<void>;
}

/** Where the daemons of this run keep their data, by address, so that `coop` finds their tokens as a user's does. */
const dataDirs = new Map<string, string>();

/** Starts `coopd serve` on `dataDir` and waits until it is healthy, at most half a minute (machines are shared). Port 0 is a free one. */
export async function startDaemon(
  programs: Programs,
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
  port = 0,
): Promise<RunningDaemon> {
  if (programs === FROM_SOURCE) await ensurePage(ROOT); // the executable has it in itself
  const child = Bun.spawn([...programs.coopd, "--data-dir", dataDir, "serve", "--addr", `127.0.0.1:${port}`], {
    env: { ...bareEnvironment(dataDir), ...settings },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const log = new Response(child.stderr).text();
  const stop = async () => {
    const askedAt = performance.now();
    child.kill("SIGTERM");
    await child.exited;
    return { exitCode: child.exitCode, seconds: (performance.now() - askedAt) / 1000 };
  };
  for (const deadline = performance.now() + 30_000; performance.now() < deadline && child.exitCode === null; ) {
    const address = readAddress(dataDir, child.pid);
    if (address !== undefined && (await isHealthy(address))) {
      dataDirs.set(`http://${address}`, dataDir);
      const kill = async () => {
        child.kill("SIGKILL");
        await child.exited;
      };
      return {
        url: `http://${address}`,
        pid: child.pid,
        stop,
        kill,
        [Symbol.asyncDispose]: async () => void (await stop()),
      };
    }
    await Bun.sleep(10);
  }
  await stop();
  throw new Error(`the daemon did not start:\n${await log}`);
}

function readAddress(dataDir: string, pid: number): string | undefined {
  const path = join(dataDir, "daemon.json");
  if (!existsSync(path)) return undefined;
  const holder = JSON.parse(readFileSync(path, "utf8") || "{}");
  return holder.pid === pid ? holder.address : undefined;
}

async function isHealthy(address: string): Promise<boolean> {
  return fetch(`http://${address}/api/v1/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** What a `coop` command came to. */
export interface CoopRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a `coop` of the user who runs the daemon at `url`. */
export function commandEnvironment(url: string): Readonly<Record<string, string>> {
  return { ...bareEnvironment("/nonexistent"), COOP_DATA_DIR: dataDirs.get(url) ?? "/nonexistent" };
}

/** Runs `coop --api URL …` in a pipe, so its output is JSON. */
export async function runCoop(programs: Programs, url: string, ...args: readonly string[]): Promise<CoopRun> {
  const child = Bun.spawn([...programs.coop, "--api", url, ...args], {
    cwd: ROOT,
    env: commandEnvironment(url),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, stdout, stderr };
}
