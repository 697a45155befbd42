import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { SHELL_SCRIPTS, SHELLS, type Shell } from "../../../packages/coop-cli/src/completions/shell-scripts.ts";
import { type DebArchitecture, renderChangelog, renderControl, renderCopyright } from "./control.ts";

/** What a package is built of. */
export interface DebParts {
  /** The repository. */
  readonly root: string;
  /** The executable for that machine. */
  readonly executable: string;
  readonly architecture: DebArchitecture;
  readonly version: string;
  /** Seconds; the time of every file in it. */
  readonly epochSecs: number;
  /** Licence texts of what the executable holds. */
  readonly thirdParty: string;
  /** CycloneDX. */
  readonly bill: string;
  /** Where the `.deb` goes. */
  readonly folder: string;
}

const FILES = join(import.meta.dir, "files");
/** Where Debian's shells look. */
const COMPLETIONS: Readonly<Record<Shell, string>> = {
  bash: "usr/share/bash-completion/completions/coop",
  zsh: "usr/share/zsh/vendor-completions/_coop",
  fish: "usr/share/fish/vendor_completions.d/coop.fish",
};
const DOC = "usr/share/doc/coop";

/**
 * Builds `coop_VERSION_ARCHITECTURE.deb`; equal parts make equal bytes. zstd at level 10, because xz takes ten times as long
 * for a tenth less. @returns its path @throws Error with what dpkg-deb says
 */
export function buildDeb(parts: DebParts): string {
  const tree = mkdtempSync(join(tmpdir(), "coop-deb-"));
  try {
    chmodSync(tree, 0o755);
    layOut(tree, parts);
    const installedKiB = Math.ceil(sizeOf(tree) / 1024);
    put(tree, "DEBIAN/control", renderControl({ ...parts, installedKiB }));
    put(tree, "DEBIAN/conffiles", "/etc/coop/coop.env\n");
    put(tree, "DEBIAN/md5sums", md5sums(tree));
    for (const name of ["postinst", "prerm", "postrm"]) {
      put(tree, `DEBIAN/${name}`, readFileSync(join(FILES, name)), 0o755);
    }
    mkdirSync(parts.folder, { recursive: true });
    const deb = join(parts.folder, `coop_${parts.version}_${parts.architecture}.deb`);
    const argv = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z10", "--threads-max=1", "--build", tree, deb];
    const built = Bun.spawnSync(argv, { env: { ...process.env, SOURCE_DATE_EPOCH: String(parts.epochSecs) } });
    if (!built.success) throw new Error(`dpkg-deb failed:\n${built.stderr.toString()}`);
    return deb;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function layOut(tree: string, { root, executable, version, epochSecs, thirdParty, bill }: DebParts): void {
  const from = (path: string) => readFileSync(join(FILES, path));
  put(tree, "usr/bin/coop", readFileSync(executable), 0o755);
  symlinkSync("coop", join(tree, "usr/bin/coopd"));
  put(tree, "usr/lib/systemd/system/coopd.service", from("coopd.service"));
  put(tree, "etc/coop/coop.env", from("coop.env"), 0o600); // whoever edits it may write a key into it
  put(tree, "usr/share/coop/apparmor/coopd", from("apparmor-coopd"));
  for (const shell of SHELLS) put(tree, COMPLETIONS[shell], SHELL_SCRIPTS[shell]);
  put(tree, `${DOC}/changelog.gz`, gzip(Buffer.from(renderChangelog(version, epochSecs))));
  put(tree, `${DOC}/CHANGELOG.md.gz`, gzip(readFileSync(join(root, "CHANGELOG.md"))));
  put(tree, `${DOC}/copyright`, renderCopyright(thirdParty));
  put(tree, `${DOC}/sbom.cdx.json`, bill);
  for (const path of listShipped(root)) put(tree, `${DOC}/${path}`, readFileSync(join(root, path)));
}

/** Pages and examples that git tracks. */
function listShipped(root: string): readonly string[] {
  const listed = Bun.spawnSync(["git", "ls-files", "docs", "examples", "README.md"], { cwd: root });
  if (!listed.success) throw new Error(`git ls-files failed:\n${listed.stderr.toString()}`);
  return listed.stdout.toString().trim().split("\n").sort();
}

/** Folders 0755 whatever this process's umask. */
function makeFolder(path: string, tree: string): void {
  if (path === tree) return;
  makeFolder(dirname(path), tree);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}

function put(tree: string, path: string, content: string | Uint8Array, mode = 0o644): void {
  makeFolder(dirname(join(tree, path)), tree);
  writeFileSync(join(tree, path), content);
  chmodSync(join(tree, path), mode);
}

function gzip(content: Uint8Array): Uint8Array {
  return gzipSync(content, { level: 9 }); // without a time in its head
}

/** Regular files below the tree but the package's own, sorted. */
function listFiles(tree: string): readonly string[] {
  return readdirSync(tree, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("DEBIAN") && lstatSync(join(tree, path)).isFile())
    .sort();
}

function sizeOf(tree: string): number {
  return listFiles(tree).reduce((sum, path) => sum + lstatSync(join(tree, path)).size, 0);
}

/** So that `dpkg --verify` can tell a damaged file. */
function md5sums(tree: string): string {
  const hash = (path: string) =>
    createHash("md5")
      .update(readFileSync(join(tree, path)))
      .digest("hex");
  return listFiles(tree)
    .filter((path) => path !== "etc/coop/coop.env")
    .map((path) => `${hash(path)}  ${path}\n`)
    .join("");
}
