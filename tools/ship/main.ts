import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseTarget, TARGETS, type Target } from "../pack/targets.ts";
import { buildArchive } from "./archive/build-archive.ts";
import { buildDeb } from "./deb/build-deb.ts";
import { buildLauncherPackage, buildPlatformPackage } from "./npm/build-npm.ts";
import { type Built, build, openRelease, type Release } from "./release.ts";
import { writeSums } from "./sums.ts";

const USAGE = `Usage: npm run ship -- KIND ... [--target NAME ...] [--out DIR] [--package-version VERSION]

Kinds:
  archive  coop-VERSION-TARGET.tar.gz and install.sh
  deb      coop_VERSION_amd64.deb and coop_VERSION_arm64.deb (needs dpkg-deb)
  npm      coop-farm-VERSION.tgz and one package for each executable
  bill     coop-VERSION-TARGET.cdx.json, the bill of materials in CycloneDX

Without --target for every one of: ${TARGETS.map(({ name }) => name).join(", ")}.
Packages go to dist/release, or to DIR, with SHA256SUMS of all that is there. Times in them are SOURCE_DATE_EPOCH, else that of the last commit.
`;

/** What can be made of a built executable; undefined where a kind does not exist for a machine. */
const KINDS: Readonly<Record<string, (release: Release, built: Built) => string | undefined>> = {
  deb: ({ root, version, epochSecs, folder }, { target, executable, thirdParty, bill }) =>
    target.os === "linux"
      ? buildDeb({
          ...{ root, executable, version, epochSecs, thirdParty, bill, folder },
          architecture: target.cpu === "x64" ? "amd64" : "arm64",
        })
      : undefined,
  archive: buildArchive,
  npm: buildPlatformPackage,
  bill: ({ version, folder }, { target, bill }) => {
    const path = join(folder, `coop-${version}-${target.name}.cdx.json`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, bill);
    return path;
  },
};

// `npm run ship`
process.exitCode = await ship(process.argv.slice(2));

async function ship(argv: string[]): Promise<number> {
  let release: Release;
  let kinds: readonly string[];
  let targets: readonly Target[];
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        target: { type: "string", multiple: true },
        out: { type: "string", default: "dist/release" },
        "package-version": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    kinds = positionals;
    const unknown = kinds.find((kind) => !(kind in KINDS));
    if (kinds.length === 0 || unknown !== undefined) {
      throw new Error(unknown === undefined ? "a kind is missing" : `there is no kind "${unknown}"`);
    }
    targets = values.target?.map(parseTarget) ?? TARGETS;
    release = openRelease(process.cwd(), resolve(values.out), values["package-version"]);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  for (const target of targets) {
    const built = await build(release, target);
    for (const kind of kinds) {
      const path = KINDS[kind]?.(release, built);
      if (path !== undefined) console.log(relative(release.root, path));
    }
  }
  if (kinds.includes("npm")) console.log(relative(release.root, buildLauncherPackage(release)));
  if (kinds.includes("archive")) {
    copyFileSync(join(import.meta.dir, "archive/install.sh"), join(release.folder, "install.sh"));
  }
  console.log(relative(release.root, writeSums(release.folder)));
  return 0;
}
