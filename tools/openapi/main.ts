// Writes docs/openapi.json, and the table of routes in docs/http-api.md, from the daemon's own table of routes:
// `bun tools/openapi/main.ts`. With --check it only compares, and exits with 1 when a file lags behind the code.
import { join } from "node:path";
import { openApiDocument } from "../../packages/coopd/src/http/openapi.ts";
import type { ApiDocument } from "../../packages/coopd/src/testing/index.ts";
import { withRouteTable } from "./route-table.ts";

const docs = join(import.meta.dir, "../../docs");
const document = openApiDocument();
const read = (name: string) =>
  Bun.file(join(docs, name))
    .text()
    .catch(() => "");
const wanted: Readonly<Record<string, string>> = {
  "openapi.json": `${JSON.stringify(document, null, 2)}\n`,
  "http-api.md": withRouteTable(await read("http-api.md"), document as unknown as ApiDocument),
};

for (const [name, text] of Object.entries(wanted)) {
  if ((await read(name)) === text) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`docs/${name} lags behind the routes: run \`bun tools/openapi/main.ts\`\n`);
    process.exitCode = 1;
  } else {
    await Bun.write(join(docs, name), text);
  }
}
