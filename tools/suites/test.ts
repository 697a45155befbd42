import { runAll } from "./run-all.ts";
import { CRASH_SUITE, END_TO_END_SUITES, packageSuites, QUICK_SUITES, STATIC_SUITES } from "./suites.ts";

// `npm test`: everything, at counts that fit 25 minutes on two cores. Arguments name the suites to run; none means all.
const root = process.cwd();
const tools = QUICK_SUITES.filter(({ name }) => name === "tools");
const all = [...STATIC_SUITES, ...tools, ...packageSuites(root), CRASH_SUITE, ...END_TO_END_SUITES];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`there is no suite ${unknown.join(", ")}; there are: ${all.map(({ name }) => name).join(", ")}`);
  process.exitCode = 2;
} else {
  console.log("Full counts and a fresh machine: npm run proof.");
  await runAll(root, wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name)));
}
