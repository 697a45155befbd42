// Writes docs/openapi.json from the daemon's own table of routes: `bun tools/openapi/main.ts`. With --check it only
// compares, and exits with 1 when the file lags behind the code.
import { join } from "node:path";
import { openApiDocument } from "../../packages/coopd/src/http/openapi.ts";

const file = join(import.meta.dir, "../../docs/openapi.json");
const wanted = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (process.argv.includes("--check")) {
  const found = await Bun.file(file)
    .text()
    .catch(() => "");
  if (found !== wanted) {
    process.stderr.write("docs/openapi.json lags behind the routes: run `bun tools/openapi/main.ts`\n");
    process.exit(1);
  }
} else {
  await Bun.write(file, wanted);
}
