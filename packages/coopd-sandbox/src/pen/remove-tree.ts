import { existsSync, renameSync } from "node:fs";
import { CoopError } from "coopd-core";
import { findHostProgram } from "../host/host-programs.ts";

/** Ends the name of a folder that is being removed; a workdir's key has no dot. */
export const REMOVED = ".removed";

/**
 * Removes a hen's folder with everything in it. The tree is hostile: links, unreadable folders, names of any bytes,
 * depths beyond PATH_MAX. It is first moved to a name that no hen has, which frees the workdir at once; then coreutils'
 * `chmod` and `rm`, which walk by descriptor and never follow a link below their argument, take it away
 * in a process of their own, so that 100,000 inodes don't hold up the event loop. Nothing of the hen runs any more.
 *
 * @throws CoopError `sandbox_failed` when something is left.
 */
export async function removeTree(path: string, part: "all" | "leftover" = "all"): Promise<void> {
  const doomed = `${path}${REMOVED}`;
  if (existsSync(doomed)) await removeAt(doomed);
  if (part === "leftover") return;
  try {
    renameSync(path, doomed);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return;
    throw cause;
  }
  await removeAt(doomed);
}

async function removeAt(path: string): Promise<void> {
  // A plain user's daemon can't empty a folder that its hen has closed with chmod; root can, and needs no more rights.
  if (process.getuid?.() !== 0) await run(["chmod", "-R", "--quiet", "--", "u+rwX", path]);
  const left = await run(["rm", "-rf", "--one-file-system", "--", path]);
  if (existsSync(path)) throw new CoopError("sandbox_failed", "a hen's workdir could not be removed", { cause: left });
}

async function run([program = "", ...args]: readonly string[]): Promise<string> {
  const path = findHostProgram(program);
  if (path === undefined) throw new CoopError("sandbox_failed", `${program} is not installed`);
  const child = Bun.spawn([path, ...args], {
    env: { LC_ALL: "C" },
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
  });
  // Only the beginning matters, and 100,000 complaints must not fill the daemon.
  let text = "";
  for await (const chunk of child.stderr) if (text.length < 4096) text += Buffer.from(chunk).toString();
  await child.exited;
  return text;
}
