import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { findBunProgram } from "./bun-program.ts";
import { dropStaleSignature } from "./mach-o-signature.ts";
import { hostTarget, type Target } from "./targets.ts";
import { findWorkers, fixWorkerUrls } from "./worker-files.ts";

/** What was built. */
export interface Packed {
  readonly coop: string;
  readonly coopd: string;
  /** Every source file that is in it, as a path below the repository's root. */
  readonly inputs: readonly string[];
}

/**
 * Builds `coop` and `coopd` into `folder`: one executable with Bun, both programs and their workers in it, and a link.
 * Neither loads `.env` nor runs `bunfig.toml` of the folder it is started in.
 *
 * @param target another kind of machine than this one
 * @throws Error with the bundler's messages, or when that machine's Bun cannot be had
 */
export async function pack(root: string, folder: string, target?: Target): Promise<Packed> {
  const isForHere = target === undefined || target === hostTarget();
  const coop = join(folder, "coop");
  const coopd = join(folder, "coopd");
  await mkdir(folder, { recursive: true });
  const built = await Bun.build({
    entrypoints: [join(root, "tools/pack/entry.ts"), ...(await findWorkers(root))],
    root,
    target: "bun",
    minify: true,
    splitting: true,
    format: "esm",
    // Compiled ahead, the daemon is up in two thirds of the time. For another kind of machine it must not be: Bun's
    // bytecode is of the machine that made it, and a program with another's was reported to crash (oven-sh/bun#18416).
    bytecode: isForHere,
    metafile: true,
    plugins: [fixWorkerUrls(root)],
    compile: {
      outfile: coop,
      autoloadDotenv: false,
      autoloadBunfig: false,
      // Bun would fetch another machine's program from its own site; ours comes from npm, by the hash of the lock file.
      ...(isForHere ? {} : { target: compileTarget(target), executablePath: findBunProgram(root, target) }),
    },
  });
  if (!built.success) throw new Error(built.logs.join("\n"));
  if (target?.os === "darwin") dropStaleSignature(coop);
  await rm(coopd, { force: true });
  await symlink("coop", coopd);
  return { coop, coopd, inputs: Object.keys(built.metafile?.inputs ?? {}) };
}

function compileTarget({ os, cpu }: Target): Bun.Build.CompileTarget {
  return `bun-${os}-${cpu}`;
}
