import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ownDaemon, runDemo } from "../../packages/coop-cli/src/demo/index.ts";

// `npm start`: a farm in ./.coop-demo with one hen and one finished job, in the foreground until Ctrl-C.
const root = process.cwd();
const dataDir = resolve(root, ".coop-demo");

// The farm is on this machine: a proxy of the environment must not come between.
process.env.NO_PROXY = ["127.0.0.1", process.env.NO_PROXY].filter(Boolean).join(",");
process.exitCode = await runDemo({
  dataDir,
  daemon: ownDaemon(),
  manifest: readFileSync(join(root, "examples/demo.yaml")),
  environment: process.env,
  coop: "npm run -s coop --",
  afterwards: "Ctrl-C stops the farm; npm start goes on with it.",
  show: (path) => (path === dataDir ? "./.coop-demo" : relative(root, path)),
  print: async (text) => {
    process.stdout.write(`${text}\n`);
  },
});
