import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { whatIsMissing } from "./npm-packages.mjs";

const WANTED = {
  "": { dependencies: {} },
  "packages/coopd": { version: "0.1.0", dependencies: { hono: "4.0.0" } },
  "node_modules/coopd": { link: true },
  "node_modules/hono": { version: "4.0.0" },
  "node_modules/other-system": { version: "1.0.0", optional: true },
};
const HOISTED = { "node_modules/hono": { version: "4.0.0" } };
const LINKED = { "node_modules/.store/hono@4.0.0-abc/node_modules/hono": { version: "4.0.0" } };

/** What is missing in a folder with these two lockfiles and these folders. */
function judge(installed: object | undefined, folders: readonly string[]): string | undefined {
  const root = mkdtempSync(join(tmpdir(), "coop-boot-"));
  try {
    const write = (path: string, packages: object) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), JSON.stringify({ packages }));
    };
    write("package-lock.json", WANTED);
    if (installed !== undefined) write("node_modules/.package-lock.json", installed);
    for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
    return whatIsMissing(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("no node_modules, an interrupted install, an older version and a lost link are each seen", () => {
  expect(judge(undefined, [])).toBe("node_modules is missing or was left half made");
  expect(judge({}, ["node_modules/hono"])).toBe("hono@4.0.0 is not installed");
  expect(judge({ "node_modules/hono": { version: "3.9.9" } }, ["node_modules/hono"])).toBe(
    "hono@4.0.0 is not installed",
  );
  expect(judge(LINKED, [])).toBe("packages/coopd does not find hono");
});

test("both of npm's layouts count as installed; packages for other systems may be absent", () => {
  expect(judge(HOISTED, ["node_modules/hono"])).toBeUndefined();
  expect(judge(LINKED, ["packages/coopd/node_modules/hono"])).toBeUndefined();
});
