import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSandbox, type Sandbox } from "coopd-sandbox";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs `work` in a sandbox of this machine with a folder of its own, and leaves nothing behind. */
export async function withLocalSandbox<Result>(work: (sandbox: Sandbox) => Promise<Result>): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), "coop-doctor-"));
  try {
    const sandbox = await openSandbox({ dataDir, disabled: false, log: SILENT });
    try {
      return await work(sandbox);
    } finally {
      await sandbox.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
