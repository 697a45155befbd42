import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HenId, type Log, parseHenId } from "coopd-core";
import { buildSandbox, type GateSeams } from "../build-sandbox.ts";
import { ALL_WALLS, type LaunchWalls } from "../launch/launch-walls.ts";
import type { Pen } from "../pen/pen.ts";
import type { ConfinedExit, ConfineSpec } from "../run/confine-spec.ts";
import type { Sandbox, SandboxOptions } from "../sandbox.ts";

/** A log for tests: only what goes wrong is shown; a wall that is missing is what tests look at themselves. */
export const TEST_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (message, fields) => console.error(message, fields),
};

export interface TestSandbox {
  readonly dataDir: string;
  readonly sandbox: Sandbox;
  /** Opens a pen with the next free uid where the tests run as root. */
  openPen(name: string, read?: readonly string[]): Promise<Pen>;
  /** Runs a bash script in the pen; 20 s at the most. */
  run(pen: Pen, script: string, spec?: Partial<ConfineSpec>): Promise<ConfinedExit>;
  close(): Promise<void>;
}

export function henId(name: string): HenId {
  return parseHenId(`local.coop/${name}`);
}

/** A real sandbox on a temporary data directory, with all walls or some taken away. */
export async function openTestSandbox(
  walls: Partial<LaunchWalls> = {},
  options: Partial<SandboxOptions> = {},
  seams: GateSeams = {},
): Promise<TestSandbox> {
  const dataDir = makeFolder("coop-sandbox-");
  const sandbox = await buildSandbox(
    { dataDir, disabled: false, log: TEST_LOG, ...options },
    { ...ALL_WALLS, ...walls },
    seams,
  );
  let nextUid = sandbox.uidRange?.base;
  return {
    dataDir,
    sandbox,
    openPen: (name, read = []) => {
      const uid = nextUid;
      if (nextUid !== undefined) nextUid += 1;
      return sandbox.openPen({ henId: henId(name), uid, read });
    },
    run: (pen, script, spec = {}) =>
      sandbox.confine(pen, {
        argv: ["bash", "-c", script],
        timeoutMs: 20_000,
        signal: new AbortController().signal,
        outputBytesMax: 64 * 1024,
        ...spec,
      }),
    close: async () => {
      await sandbox.close();
      execFileSync("rm", ["-rf", dataDir]); // a tree that a failed test left may be too deep for rmSync
    },
  };
}

export function makeFolder(prefix: string, owner?: number): string {
  const path = mkdtempSync(join(tmpdir(), prefix));
  if (owner !== undefined) chownSync(path, owner, owner);
  return path;
}
