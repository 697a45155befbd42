import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { pack } from "./pack.ts";

// `npm run build`: dist/coop and dist/coopd.
const root = process.cwd();
const startedAt = performance.now();
const { coop, coopd } = await pack(root, join(root, "dist"));
const megabytes = Math.round(statSync(coop).size / 1e6);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
console.log(`${relative(root, coop)} (${megabytes} MB) and ${relative(root, coopd)}, a link to it, in ${seconds} s`);
