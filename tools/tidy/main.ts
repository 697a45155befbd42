import { resolve } from "node:path";
import { toLine } from "./finding.ts";
import { RULES } from "./rules.ts";
import { readTree } from "./tree/tree.ts";

// `bun tools/tidy/main.ts [ROOT]`: one line a finding, a summary, exit code 1 if there is any.
const tree = await readTree(resolve(process.argv[2] ?? "."));
const lines = RULES.flatMap((rule) => rule.check(tree).map((finding) => toLine(rule.name, finding)));
for (const line of lines) console.log(line);
console.log(`tidy: ${RULES.length} rules, ${tree.files.size} files, ${lines.length} findings`);
process.exitCode = lines.length === 0 ? 0 : 1;
