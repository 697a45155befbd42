import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Built, Release } from "../release.ts";

/**
 * `coop-VERSION-TARGET.tar.gz`: the executable with its other name, licences and bill of materials, in a folder of that name.
 * It is what install.sh takes. Equal parts make equal bytes. @returns its path
 */
export function buildArchive(release: Release, { target, executable, thirdParty, bill }: Built): string {
  const { root, version, epochSecs, folder } = release;
  const name = `coop-${version}-${target.name}`;
  const tree = mkdtempSync(join(tmpdir(), "coop-archive-"));
  try {
    const inside = join(tree, name);
    mkdirSync(inside, { mode: 0o755 });
    copyFileSync(executable, join(inside, "coop"));
    chmodSync(join(inside, "coop"), 0o755);
    symlinkSync("coop", join(inside, "coopd"));
    for (const file of ["LICENSE", "NOTICE"]) copyFileSync(join(root, file), join(inside, file));
    writeFileSync(join(inside, "THIRD-PARTY.txt"), thirdParty);
    writeFileSync(join(inside, "sbom.cdx.json"), bill);
    mkdirSync(folder, { recursive: true });
    const archive = join(folder, `${name}.tar.gz`);
    const order = [
      "--sort=name",
      `--mtime=@${epochSecs}`,
      "--owner=0",
      "--group=0",
      "--numeric-owner",
      "--mode=u=rwX,go=rX",
    ];
    const made = Bun.spawnSync([
      "tar",
      "--use-compress-program=gzip -n -6",
      ...order,
      "-cf",
      archive,
      "-C",
      tree,
      name,
    ]);
    if (!made.success) throw new Error(`tar failed:\n${made.stderr.toString()}`);
    return archive;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
