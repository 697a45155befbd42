// Writes what is made of the daemon's own table of routes: docs/openapi.json, the table in docs/http-api.md, and the types that
// coop-client is checked by. `bun tools/openapi/main.ts`; with --check it only compares, and exits with 1 when one lags behind.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { openApiDocument } from "../../packages/coopd/src/http/openapi.ts";
import type { ApiDocument } from "../../packages/coopd/src/testing/index.ts";
import { clientTypes } from "./client-types.ts";
import { withRouteTable } from "./route-table.ts";

const root = join(import.meta.dir, "../..");
const document = openApiDocument() as unknown as ApiDocument;
const read = (path: string) =>
  Bun.file(join(root, path))
    .text()
    .catch(() => "");
const TYPES = "packages/coop-client/src/api/document.generated.ts";
const wanted: Readonly<Record<string, string>> = {
  "docs/openapi.json": `${JSON.stringify(document, null, 2)}\n`,
  "docs/http-api.md": withRouteTable(await read("docs/http-api.md"), document),
  [TYPES]: format(TYPES, clientTypes(document)),
};

for (const [path, text] of Object.entries(wanted)) {
  if ((await read(path)) === text) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`${path} lags behind the routes: run \`bun tools/openapi/main.ts\`\n`);
    process.exitCode = 1;
  } else {
    await Bun.write(join(root, path), text);
  }
}

/** As every other source file is formatted. */
function format(path: string, text: string): string {
  const biome = join(root, "node_modules/.bin/biome");
  const run = spawnSync(biome, ["format", `--stdin-file-path=${path}`], { cwd: root, input: text, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`biome does not format what was made for ${path}: ${run.stderr}`);
  return run.stdout;
}
