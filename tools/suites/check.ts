import { runAll } from "./run-all.ts";
import { QUICK_SUITES, STATIC_SUITES } from "./suites.ts";

// `npm run check`: what a change must pass before it is committed, in seconds; two at once, since nothing here shares anything.
await runAll(process.cwd(), [...STATIC_SUITES, ...QUICK_SUITES], 2);
