import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { imports } from "./imports.ts";

const MANIFESTS = {
  "packages/coopd-core/package.json": JSON.stringify({
    exports: { ".": "./src/index.ts" },
    dependencies: { zod: "1.0.0" },
  }),
  "packages/coopd-core/src/index.ts": "export {};\n",
  "packages/coopd-brain/package.json": JSON.stringify({ dependencies: { "coopd-core": "0.1.0" } }),
  "packages/coopd-vault/package.json": JSON.stringify({ exports: { ".": "./src/index.ts" } }),
};

/** What the rule says of one file, its position left out. */
async function complaints(path: string, text: string): Promise<readonly string[]> {
  const found = await objections(imports, { ...MANIFESTS, [path]: text });
  return found.map((line) => line.replace(/^\S+ /, ""));
}

test("a package that is not declared is refused, however it is imported", async () => {
  const text = [
    'import { a } from "hono";',
    'import type { B } from "coopd-vault";',
    'export * from "yaml";',
    'export const c = await import("@scope/name/deep");',
    'export let d: import("openai").OpenAI;',
    "export const e = [a] as unknown as B;",
  ].join("\n");
  expect(await complaints("packages/coopd-brain/src/a.ts", text)).toEqual([
    "imports hono, which packages/coopd-brain/package.json does not declare",
    "imports coopd-vault, which packages/coopd-brain/package.json does not declare",
    "imports yaml, which packages/coopd-brain/package.json does not declare",
    "imports @scope/name/deep, which packages/coopd-brain/package.json does not declare",
    "imports openai, which packages/coopd-brain/package.json does not declare",
  ]);
});

test("an inner path of a sibling is refused, an exported one is not", async () => {
  const text = 'import "coopd-core/src/ports/store.ts";\nimport "coopd-core";\n';
  expect(await complaints("packages/coopd-brain/src/a.ts", text)).toEqual([
    "imports coopd-core/src/ports/store.ts, which coopd-core does not export",
  ]);
});

test("a relative import or a worker's URL that leaves the package is refused", async () => {
  const text = [
    'import "../../coopd-core/src/index.ts";',
    'export const worker = new URL("../../coopd-vault/src/worker.ts", import.meta.url);',
    'export const ours = new URL("./worker.ts", import.meta.url);',
    'export const page = new URL("/healthz", "http://127.0.0.1");',
  ].join("\n");
  expect(await complaints("packages/coopd-brain/src/a.ts", text)).toEqual([
    "imports ../../coopd-core/src/index.ts, which leaves packages/coopd-brain",
    "imports ../../coopd-vault/src/worker.ts, which leaves packages/coopd-brain",
  ]);
});

test("core may import no builtin, its tests may", async () => {
  expect(await complaints("packages/coopd-core/src/a.ts", 'import "node:fs";\nimport "bun:sqlite";\n')).toEqual([
    "imports node:fs; coopd-core has no I/O",
    "imports bun:sqlite; coopd-core has no I/O",
  ]);
  expect(await complaints("packages/coopd-core/src/a.test.ts", 'import "bun:test";\nimport "node:fs";\n')).toEqual([]);
});

test("bun:test stays in tests; other builtins are free outside core", async () => {
  expect(
    await complaints("packages/coopd-brain/src/a.ts", 'import "bun:test";\nimport "bun";\nimport "node:fs";\n'),
  ).toEqual(["imports bun:test outside a test"]);
});

test("a tool reaches a package only through what it exports", async () => {
  const text = 'import "../packages/coopd-core/src/index.ts";\nimport "../packages/coopd-core/src/ports/store.ts";\n';
  expect(await complaints("tools/a.ts", text)).toEqual([
    "imports ../packages/coopd-core/src/ports/store.ts, an inner file of coopd-core",
  ]);
});
