import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A root folder that shows `base` and keeps every change in a layer of its own. Whoever opens it disposes of it. */
export interface LayeredRoot extends Disposable {
  readonly path: string;
}

/** @throws Error when the kernel does not mount an overlay here, or this process is not root */
export function openLayeredRoot(base: string, folder: string): LayeredRoot {
  const [path, upper, work] = ["root", "changes", "work"].map((name) => join(folder, name)) as [string, string, string];
  const remove = () => {
    Bun.spawnSync(["umount", "--lazy", path], { stderr: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  };
  remove(); // what an interrupted run left
  for (const part of [path, upper, work]) mkdirSync(part, { recursive: true });
  const options = `lowerdir=${base},upperdir=${upper},workdir=${work}`;
  const mounted = Bun.spawnSync(["mount", "-t", "overlay", "overlay", "-o", options, path], { stderr: "pipe" });
  if (mounted.exitCode !== 0) throw new Error(`no overlay: ${mounted.stderr.toString().trim()}`);
  return { path, [Symbol.dispose]: remove };
}
