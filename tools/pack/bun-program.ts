import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "./targets.ts";

/** What package-lock.json says of a package: the only hash that a program from the registry is held to. */
export interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
}

/**
 * Bun's program for a kind of machine: npm fetches the very package that package-lock.json names, and its hash is looked at
 * here once more. Kept in node_modules/.cache, which goes with `npm ci`.
 *
 * @throws Error when npm does not bring it, or brings anything else
 */
export function findBunProgram(root: string, { runtime }: Target): string {
  const locked = readLocked(root, runtime);
  const cache = join(root, "node_modules/.cache/bun-programs");
  const program = join(cache, `${runtime.replace("/", "-")}-${locked.version}`);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "fetch-"));
  try {
    const archive = fetchPackage(folder, runtime, locked);
    run(["tar", "-xzf", archive, "-C", folder, "package/bin/bun"]);
    const unpacked = join(folder, "package/bin/bun");
    chmodSync(unpacked, 0o755);
    renameSync(unpacked, program);
    return program;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A package as package-lock.json has it. @throws Error when it has not */
export function readLocked(root: string, name: string): LockedPackage {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage | undefined>>;
  };
  const locked = lock.packages[`node_modules/${name}`];
  if (locked?.integrity === undefined) throw new Error(`package-lock.json does not name ${name}`);
  return { version: locked.version, integrity: locked.integrity };
}

function fetchPackage(folder: string, name: string, { version, integrity }: LockedPackage): string {
  const said = run(["npm", "pack", "--silent", "--pack-destination", folder, `${name}@${version}`], folder);
  const archive = join(folder, said.trim().split("\n").at(-1) ?? "");
  const [algorithm = "", wanted] = integrity.split("-", 2);
  const found = createHash(algorithm).update(readFileSync(archive)).digest("base64");
  if (found !== wanted)
    throw new Error(`${name}@${version} is not what package-lock.json names: ${algorithm} ${found}`);
  return archive;
}

function run(argv: readonly string[], cwd?: string): string {
  const { success, stdout, stderr } = Bun.spawnSync([...argv], { ...(cwd === undefined ? {} : { cwd }) });
  if (!success) throw new Error(`${argv.join(" ")} failed:\n${stderr.toString()}${stdout.toString()}`);
  return stdout.toString();
}
