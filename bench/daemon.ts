import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dir, "..");
const SOURCE = [process.execPath, "--no-env-file", "--config=/dev/null"];

/** A daemon of ours under measurement, in a process of its own. */
export interface Daemon {
  readonly base: string;
  /** From starting the process to the first 200 of healthz, ms. */
  readonly upMs: number;
  /** Resident memory, MB. */
  rssMb(): number;
  stop(): Promise<void>;
}

/** What is measured: the programs as they are shipped, or as a clone runs them. */
export type Origin = "dist" | "source";

/** Builds both programs for this machine into dist/, so that no old ones are measured. @throws Error when that fails */
export async function buildPrograms(): Promise<void> {
  const build = Bun.spawn([...SOURCE, join(ROOT, "tools/pack/main.ts")], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if ((await build.exited) !== 0) throw new Error("the programs could not be built");
}

/** The command of a program. */
export function commandOf(program: "coop" | "coopd", from: Origin): readonly string[] {
  if (from === "dist") return [join(ROOT, "dist", program)];
  return [...SOURCE, join(ROOT, program === "coop" ? "packages/coop-cli/src/main.ts" : "packages/coopd/src/main.ts")];
}

const tokens = new Map<string, string>();

/** The token that the daemon at `base` asks for: its own where the bench started it, else that of COOP_API_TOKEN. */
export function tokenOf(base: string): string | undefined {
  return tokens.get(base) ?? process.env.COOP_API_TOKEN;
}

/** Longer than this it hangs, ms. */
const UP_MS_MAX = 60_000;

/** Starts `coopd serve` on a port of the system's choice and waits until it is healthy. */
export async function startDaemon(
  dataDir: string,
  command: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Daemon> {
  const port = freePort();
  const startedAt = performance.now();
  const child = Bun.spawn([...command, "--data-dir", dataDir, "serve", "--addr", `127.0.0.1:${port}`], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: Bun.file(`${dataDir}.log`),
    env: { PATH: process.env.PATH ?? "", HOME: dataDir, COOP_LOG: "warn", ...settings },
  });
  const base = `http://127.0.0.1:${port}`;
  while (!(await isHealthy(base))) {
    if (child.exitCode !== null || performance.now() - startedAt > UP_MS_MAX) {
      throw new Error(`the daemon did not come up: ${readFileSync(`${dataDir}.log`, "utf8")}`);
    }
    await Bun.sleep(1);
  }
  const upMs = performance.now() - startedAt;
  const tokenFile = join(dataDir, "token");
  if (existsSync(tokenFile)) tokens.set(base, readFileSync(tokenFile, "utf8").trim());
  return {
    base,
    upMs,
    rssMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024,
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

async function isHealthy(base: string): Promise<boolean> {
  try {
    return (await fetch(`${base}/api/v1/healthz`)).ok;
  } catch {
    return false;
  }
}

function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  return port;
}
