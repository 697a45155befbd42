import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The daemon of this repository as a process of its own, over a data directory of its own. Whoever opens it closes it. */
export interface RealDaemon {
  readonly url: string;
  readonly dataDir: string;
  /** Starts it again over the same directory and at the same address. */
  start(): Promise<void>;
  /** As a power cut: nothing is finished. */
  kill(): Promise<void>;
  /** Stops it and removes the directory. */
  close(): Promise<void>;
}

const MAIN = join(import.meta.dir, "../../../coopd/src/main.ts");
/** Far more than a start takes (architecture §8: 300 ms); a daemon that does not come up must not hang the run. */
const START_MS_MAX = 15_000;

/** @throws Error with the daemon's log when it does not come up */
export async function openRealDaemon(
  settings: Readonly<Record<string, string>> = { COOP_AUTH: "none" },
): Promise<RealDaemon> {
  const folder = await mkdtemp(join(tmpdir(), "coop-cli-real-"));
  let child: Bun.Subprocess<"ignore", "ignore", "pipe"> | undefined;
  let port = 0;
  const start = async () => {
    const line = ["--data-dir", join(folder, "data"), "serve", "--addr", `127.0.0.1:${port}`];
    child = Bun.spawn([process.execPath, "--no-env-file", "--config=/dev/null", MAIN, ...line], {
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: folder, ...settings },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    port = await readPort(child);
  };
  const end = async (signal: "SIGKILL" | "SIGTERM") => {
    child?.kill(signal);
    await child?.exited;
  };
  await start();
  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    dataDir: join(folder, "data"),
    start,
    kill: () => end("SIGKILL"),
    async close() {
      await end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Reads the log up to the line that names the address, and the rest in the background, so that the pipe never fills. */
async function readPort(child: Bun.Subprocess<"ignore", "ignore", "pipe">): Promise<number> {
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS_MAX);
  const reader = child.stderr.getReader();
  const decoder = new TextDecoder();
  let log = "";
  for (;;) {
    const { value, done } = await reader.read();
    log += decoder.decode(value, { stream: true });
    const port = /coopd is up .*address=http:\/\/127\.0\.0\.1:(\d+)\//.exec(log)?.[1];
    if (port !== undefined) {
      clearTimeout(timer);
      void drain(reader);
      return Number(port);
    }
    if (done) throw new Error(`coopd did not come up:\n${log}`);
  }
}

async function drain(reader: { read(): Promise<{ readonly done: boolean }> }): Promise<void> {
  while (!(await reader.read()).done);
}
