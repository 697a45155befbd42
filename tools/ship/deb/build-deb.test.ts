import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildDeb, type DebParts } from "./build-deb.ts";

const ROOT = resolve(import.meta.dir, "../../..");
const FILES = join(import.meta.dir, "files");
const hasDpkg = Bun.which("dpkg-deb") !== null;
if (!hasDpkg) console.warn("skipped: this system has no dpkg-deb, so no package can be built");

function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "coop-deb-test-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parts(folder: string, more: Partial<DebParts> = {}): DebParts {
  const executable = join(folder, "program");
  writeFileSync(executable, "#!/bin/sh\n");
  return {
    ...{ root: ROOT, executable, architecture: "arm64", version: "1.2.3", epochSecs: 1_700_000_000, folder },
    ...{ thirdParty: "A licence.\n\nIts text.\n", bill: "{}\n" },
    ...more,
  };
}

function dpkgDeb(...args: readonly string[]): string {
  return Bun.spawnSync(["dpkg-deb", ...args]).stdout.toString();
}

test.skipIf(!hasDpkg)("a version that Debian would not take makes no package", () => {
  withFolder((folder) => {
    expect(() => buildDeb(parts(folder, { version: "v one" }))).toThrow("dpkg-deb failed");
  });
});

test.skipIf(!hasDpkg)("equal parts make equal bytes, whatever the umask", () => {
  withFolder((folder) => {
    const digest = () =>
      createHash("sha256")
        .update(readFileSync(buildDeb(parts(folder))))
        .digest("hex");
    const first = digest();
    const before = process.umask(0o077);
    try {
      expect(digest()).toBe(first);
    } finally {
      process.umask(before);
    }
  });
});

test.skipIf(!hasDpkg)("files are root's, settings only root's to read, and nobody but root can write anything", () => {
  withFolder((folder) => {
    const rows = dpkgDeb("--contents", buildDeb(parts(folder)))
      .trim()
      .split("\n");
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      expect(row).toContain(" root/root ");
      if (!row.startsWith("l")) expect(row.slice(0, 10)).toMatch(/^.....-..-.$/);
    }
    const find = (path: string) => rows.find((row) => row.includes(` ./${path}`)) ?? "";
    expect(find("etc/coop/coop.env").slice(0, 10)).toBe("-rw-------");
    expect(find("usr/bin/coop").slice(0, 10)).toBe("-rwxr-xr-x");
    expect(find("usr/bin/coopd")).toEndWith("./usr/bin/coopd -> coop");
    expect(find("usr/share/doc/coop/examples/demo.yaml")).not.toBe("");
    expect(find("usr/share/bash-completion/completions/coop")).not.toBe("");
  });
});

test.skipIf(!hasDpkg)("control says what it needs, and settings survive an upgrade", () => {
  withFolder((folder) => {
    const deb = buildDeb(parts(folder));
    expect(dpkgDeb("--field", deb, "Architecture").trim()).toBe("arm64");
    expect(dpkgDeb("--field", deb, "Depends")).toContain("bubblewrap (>= 0.8)");
    expect(dpkgDeb("--info", deb, "conffiles")).toBe("/etc/coop/coop.env\n");
  });
});

test("the scripts are POSIX sh and stop at the first failure", () => {
  for (const name of ["postinst", "prerm", "postrm"]) {
    const path = join(FILES, name);
    expect(readFileSync(path, "utf8")).toStartWith("#!/bin/sh\nset -e\n");
    const judged = Bun.spawnSync(["sh", "-n", path]);
    expect([name, judged.exitCode, judged.stderr.toString()]).toEqual([name, 0, ""]);
  }
});

test("the unit asks for no wall away that hens need", () => {
  const unit = readFileSync(join(FILES, "coopd.service"), "utf8");
  const settings = unit.split("\n").filter((line) => !line.startsWith("#"));
  const isSet = (name: string) => settings.some((line) => line.startsWith(`${name}=`));
  for (const name of [
    ...["RestrictNamespaces", "ProtectKernelTunables", "ProcSubset", "ProtectHostname", "ProtectControlGroups"],
    ...["MemoryDenyWriteExecute", "PrivateNetwork"],
  ]) {
    expect([name, isSet(name)]).toEqual([name, false]);
  }
  for (const name of ["User", "NoNewPrivileges", "CapabilityBoundingSet", "ProtectSystem", "LimitCORE", "UMask"]) {
    expect([name, isSet(name)]).toEqual([name, true]);
  }
  expect(settings.find((line) => line.startsWith("RestrictAddressFamilies="))).toContain("AF_NETLINK");
});
