import { join } from "node:path";
import { ensurePage } from "./ensure-page.ts";

// Builds the Farm UI into packages/farm-ui/dist when its sources have changed since it was built; tools/boot calls this.
const startedAt = performance.now();
const made = await ensurePage(join(import.meta.dir, "../.."));
if (made !== undefined) {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const kilobytes = (made.firstLoadBytes / 1000).toFixed(1);
  process.stderr.write(`coop: built the page in ${seconds} s; its first load is ${kilobytes} kB of script, gzipped\n`); // console.error is red
}
