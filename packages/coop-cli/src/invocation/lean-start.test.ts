import { expect, test } from "bun:test";
import { dirname } from "node:path";

const transpiler = new Bun.Transpiler({ loader: "ts" });

/** Every module that is loaded before `entry` runs; what is imported on demand is not. */
async function loadedBy(entry: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  if (!entry.endsWith(".ts")) return seen;
  for (const { kind, path } of transpiler.scanImports(await Bun.file(entry).text())) {
    if (kind !== "import-statement" || path.startsWith("node:") || path.startsWith("bun:")) continue;
    await loadedBy(Bun.resolveSync(path, dirname(entry)), seen);
  }
  return seen;
}

test("coop health and the commands like it load neither zod, yaml, Hono nor any SDK (architecture §8)", async () => {
  const quick = [
    "farm",
    "health",
    "hen-list",
    "hen-get",
    "job-run",
    "job-wait",
    "job-logs",
    "job-list",
    "job-cancel",
    "farm-stop",
    "watch",
    "hen-create",
  ];
  for (const entry of ["../main.ts", ...quick.map((name) => `../commands/${name}.ts`)]) {
    const loaded = await loadedBy(Bun.resolveSync(entry, import.meta.dir));
    const foreign = [...loaded].filter((path) => !/\/packages\/(?:coop-cli|coop-client|coopd-core)\//.test(path));
    expect({ entry, foreign }).toEqual({ entry, foreign: [] });
  }
});

test("the commands that need them do, so the test above can fail", async () => {
  const loaded = [...(await loadedBy(Bun.resolveSync("../commands/validate.ts", import.meta.dir)))];
  expect(loaded.some((path) => path.includes("/zod/"))).toBe(true);
});
