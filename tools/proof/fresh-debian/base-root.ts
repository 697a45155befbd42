import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

const SUITE = "bookworm";

/** A root by what is in it beside the minimum. */
export interface RootKind {
  readonly name: string;
  readonly packages: readonly string[];
}

/**
 * A minimal Debian root, made once and kept in `cacheDir`; everything that runs in it works on a layer above. The mirror
 * is the one that this machine's own apt uses.
 *
 * @param kind more than the minimum
 * @throws Error when this machine has no apt source, or debootstrap fails
 */
export function makeBaseRoot(cacheDir: string, kind?: RootKind): string {
  const base = join(cacheDir, `debian-${SUITE}${kind === undefined ? "" : `-${kind.name}`}`);
  if (existsSync(base)) return base;
  const unfinished = `${base}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(cacheDir, { recursive: true });
  console.log(`making ${relative(cacheDir, base)}, a minimal root (some 80 s, kept for the next time)`);
  const more = kind === undefined ? [] : [`--include=${kind.packages.join(",")}`];
  const made = Bun.spawnSync(["debootstrap", "--variant=minbase", ...more, SUITE, unfinished, findMirror()], {
    stdout: "pipe",
    stderr: "inherit",
  });
  if (made.exitCode !== 0)
    throw new Error(`debootstrap failed:\n${made.stdout.toString().split("\n").slice(-5).join("\n")}`);
  renameSync(unfinished, base);
  return base;
}

/** The first Debian archive in /etc/apt, in either of apt's two formats. */
function findMirror(): string {
  const folder = "/etc/apt/sources.list.d";
  const more = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const texts = [...more, "/etc/apt/sources.list"].filter(existsSync).map((path) => readFileSync(path, "utf8"));
  const inStanza = /^URIs:\s*(\S+\/debian\/?)\s*$/m;
  const inLine = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+\/debian\/?)\s/m;
  for (const text of texts) {
    const mirror = (inStanza.exec(text) ?? inLine.exec(text))?.[1];
    if (mirror !== undefined) return mirror;
  }
  throw new Error("no Debian archive in this machine's /etc/apt");
}
