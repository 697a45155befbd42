import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { findWorkers, fixWorkerUrls } from "./worker-files.ts";

/**
 * Builds `coop` and `coopd` into `folder`: one executable with Bun, both programs and their workers in it, and a link.
 * Neither loads `.env` nor runs `bunfig.toml` of the folder it is started in.
 *
 * @throws Error with the bundler's messages
 */
export async function pack(root: string, folder: string): Promise<{ readonly coop: string; readonly coopd: string }> {
  const coop = join(folder, "coop");
  const coopd = join(folder, "coopd");
  await mkdir(folder, { recursive: true });
  const built = await Bun.build({
    entrypoints: [join(root, "tools/pack/entry.ts"), ...(await findWorkers(root))],
    root,
    target: "bun",
    minify: true,
    splitting: true,
    plugins: [fixWorkerUrls(root)],
    compile: { outfile: coop, autoloadDotenv: false, autoloadBunfig: false },
  });
  if (!built.success) throw new Error(built.logs.join("\n"));
  await rm(coopd, { force: true });
  await symlink("coop", coopd);
  return { coop, coopd };
}
