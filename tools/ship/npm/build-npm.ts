import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TARGETS, type Target } from "../../pack/targets.ts";
import type { Built, Release } from "../release.ts";

/** The package that people install; those with the executables are its optional dependencies, of which npm takes one. */
const LAUNCHER = "coop-farm";

function nameOf({ name }: Pick<Target, "name">): string {
  return `@${LAUNCHER}/${name}`;
}

/** One executable as an npm package, packed by npm. @returns the path of the archive */
export function buildPlatformPackage(release: Release, { target, executable, thirdParty, bill }: Built): string {
  const { os, cpu } = target;
  return packFolder(release, {
    manifest: {
      ...common(release, nameOf(target)),
      description: `Coop's executable for ${target.name}; install ${LAUNCHER}`,
      os: [os],
      cpu: [cpu],
      ...(os === "linux" ? { libc: ["glibc"] } : {}),
      preferUnplugged: true,
    },
    texts: { "THIRD-PARTY.txt": thirdParty, "sbom.cdx.json": bill },
    copies: { "bin/coop": executable },
  });
}

/** The launcher: Node starts the executable that npm has installed beside it. @returns the path of the archive */
export function buildLauncherPackage(release: Release): string {
  const { version } = release;
  const run = (name: string) => `#!/usr/bin/env node\nrequire("./launch.js")("${name}");\n`;
  return packFolder(release, {
    manifest: {
      ...common(release, LAUNCHER),
      description: "Coop, an agent farm OS: run autonomous AI agents on your own hardware",
      bin: { coop: "coop.js", coopd: "coopd.js" },
      engines: { node: ">=20" },
      optionalDependencies: Object.fromEntries(TARGETS.map((target) => [nameOf(target), version])),
    },
    texts: { "coop.js": run("coop"), "coopd.js": run("coopd") },
    copies: { "launch.js": join(import.meta.dir, "files/launch.js"), "README.md": join(release.root, "README.md") },
  });
}

function common({ version }: Release, name: string) {
  return { name, version, license: "Apache-2.0" };
}

interface Content {
  readonly manifest: object;
  /** Path in the package → its text. */
  readonly texts: Readonly<Record<string, string>>;
  /** Path in the package → the file to take. */
  readonly copies: Readonly<Record<string, string>>;
}

/** npm itself gives every file the same time and mode, so equal content makes an equal archive. */
function packFolder({ root, folder }: Release, { manifest, texts, copies }: Content): string {
  const tree = mkdtempSync(join(tmpdir(), "coop-npm-"));
  try {
    const all = { ...copies, LICENSE: join(root, "LICENSE"), NOTICE: join(root, "NOTICE") };
    for (const [path, source] of Object.entries(all)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      copyFileSync(source, join(tree, path));
      chmodSync(join(tree, path), path.startsWith("bin/") ? 0o755 : 0o644);
    }
    for (const [path, text] of Object.entries(texts)) writeFileSync(join(tree, path), text);
    writeFileSync(join(tree, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    mkdirSync(folder, { recursive: true });
    const argv = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
    const packed = Bun.spawnSync(argv, { cwd: tree });
    if (!packed.success) throw new Error(`npm pack failed:\n${packed.stderr.toString()}`);
    return join(folder, packed.stdout.toString().trim().split("\n").at(-1) ?? "");
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
