import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { ownDaemon, runDemo } from "../demo/index.ts";
import { bypassProxyFor, wholeEnvironment } from "../environment.ts";
import { firstManifest } from "../init/index.ts";

/** `coop demo [DIR]`: a farm of its own with a first job. Without DIR it is gone with Ctrl-C. */
export async function run({ args: [given], output }: CommandContext): Promise<number> {
  const isKept = given !== undefined;
  const dataDir = makeFolder(given);
  bypassProxyFor("http://127.0.0.1");
  try {
    return await runDemo({
      dataDir,
      daemon: ownDaemon(),
      manifest: new TextEncoder().encode(firstManifest("demo", { kind: "script" }, "none")),
      environment: wholeEnvironment(),
      coop: `COOP_DATA_DIR=${quote(dataDir)} coop`,
      afterwards: isKept
        ? `Ctrl-C stops the farm; coop demo ${quote(given)} goes on with it.`
        : "Ctrl-C stops the farm, and it is gone then; coop demo DIR keeps one.",
      show: (path) => path,
      print: (text) => output.text(`${text}\n`),
    });
  } finally {
    if (!isKept) rmSync(dataDir, { recursive: true, force: true });
  }
}

/** @throws CoopError `bad_request` where it cannot be made */
function makeFolder(given: string | undefined): string {
  if (given === undefined) return mkdtempSync(join(tmpdir(), "coop-demo-")); // 0700
  try {
    mkdirSync(resolve(given), { recursive: true, mode: 0o700 });
    return resolve(given);
  } catch (cause) {
    throw new CoopError("bad_request", `${given} cannot be made a farm's folder: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** For a shell, only where it must be. */
function quote(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
