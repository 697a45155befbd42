import { expect, test } from "bun:test";
import { seatbeltProfile } from "./seatbelt-profile.ts";

const PLAN = { workdir: "/Users/ann/.coop/workdirs/local-coop__aria", read: ["/Users/ann/models"] };

/** The filters of one rule. */
function filtersOf(profile: string, operation: string): string[] {
  const start = profile.indexOf(`(allow ${operation}\n`);
  const end = profile.indexOf("))\n", start);
  return profile
    .slice(start, end + 1)
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

test("paths that could end their string or a rule are quoted or refused", () => {
  const sly = '/tmp/x") (allow default) ("';
  const profile = seatbeltProfile({ ...PLAN, read: [sly] });
  expect(profile).toContain('(subpath "/tmp/x\\") (allow default) (\\"")');
  expect(seatbeltProfile({ ...PLAN, read: ["/tmp/a\\"] })).toContain('(subpath "/tmp/a\\\\")');
  for (const path of ["/tmp/a\nb", "/tmp/\0", "", "/tmp/../etc"]) {
    expect(() => seatbeltProfile({ ...PLAN, read: [path] })).toThrow("sandbox profile");
  }
});

test("everything is denied first, every socket among it, and nothing allows all of anything", () => {
  const lines = seatbeltProfile(PLAN).split("\n");
  expect(lines.slice(0, 3)).toEqual(["(version 1)", "(deny default)", "(deny network*)"]);
  expect(lines.filter((line) => /allow (network|default|mach-register|iokit|file\*)/.test(line))).toEqual([]);
  expect(lines.filter((line) => /^\(allow (file|process-exec)[^\s]*\)$/.test(line))).toEqual([]);
});

test("only the workdir and the plain devices can be written", () => {
  const writable = filtersOf(seatbeltProfile(PLAN), "file-write*");
  expect(writable.filter((filter) => filter.startsWith("(subpath"))).toEqual([`(subpath "${PLAN.workdir}")`]);
  expect(writable.filter((filter) => filter.startsWith("(literal")).every((filter) => filter.includes('"/dev/'))).toBe(
    true,
  );
});

test("homes, the data directory, keychains and other hens are not readable, the manifest's folder is", () => {
  const readable = filtersOf(seatbeltProfile(PLAN), "file-read*");
  expect(readable).toContain('(subpath "/Users/ann/models")');
  for (const path of [
    "/",
    "/Users",
    "/Users/ann",
    "/Users/ann/.coop",
    "/Users/ann/.coop/workdirs",
    "/Library",
    "/private",
    "/private/var",
    "/private/etc",
  ]) {
    expect(readable).not.toContain(`(subpath "${path}")`);
  }
  expect(filtersOf(seatbeltProfile(PLAN), "file-read-metadata")).toContain('(literal "/Users/ann/.coop")');
});
