import { parseArgs } from "node:util";
import { createLog, openDaemon, readInvocation } from "../../../packages/coopd/src/testing/index.ts";
import { armSeams } from "./arm.ts";
import { findKillPoint } from "./kill-points.ts";

/**
 * The daemon that is killed: the product's own parts, opened as main.ts opens them, with a seam where it shall die.
 *
 *     bun tools/proof/crash/daemon.ts --data-dir DIR [--point NAME --nth N --during-ms N]
 *
 * Prints `up HOST:PORT`; SIGTERM stops it in order.
 */
const { values } = parseArgs({
  options: {
    "data-dir": { type: "string" },
    point: { type: "string" },
    nth: { type: "string", default: "1" },
    "during-ms": { type: "string", default: "0" },
  },
});
if (values["data-dir"] === undefined) throw new Error("--data-dir is missing");
// No memory: what a job is told must not depend on the order in which jobs end, or no two runs could be compared.
const settings = { COOP_AUTH: "none", COOP_MEMORY_CONTEXT_ENTRIES: "0", COOP_JOBS_AT_ONCE: "8" };
const invocation = readInvocation(["--data-dir", values["data-dir"], "serve", "--addr", "127.0.0.1:0"], settings);
if (!("config" in invocation)) throw new Error("serve has a config");
const seams =
  values.point === undefined
    ? {}
    : armSeams(findKillPoint(values.point).place, Number(values.nth), Number(values["during-ms"]));
process.umask(0o077);
const log = createLog({
  level: "warn",
  format: "text",
  color: false,
  write: (line) => process.stderr.write(line),
});
const daemon = await openDaemon(invocation.config, log, seams);
process.on("SIGTERM", () => void daemon.close().then(() => process.exit(0)));
process.stdout.write(`up ${daemon.address}\n`);
