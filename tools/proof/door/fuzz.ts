// Issue 8, *Shown by* 3: requests made of the OpenAPI document and of chance against a real daemon: no 500, no hang, one
// envelope, and memory that stays where it was. `bun tools/proof/door/fuzz.ts [--requests N] [--seed N]`
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commandOf, startDaemon } from "../../../bench/daemon.ts";
import { openWire } from "../../../bench/wire.ts";
import { type ApiDocument, runFuzz } from "../../../packages/coopd/src/testing/index.ts";

const { values } = parseArgs({
  options: { requests: { type: "string", default: "200000" }, seed: { type: "string", default: "20261126" } },
});
const count = Number(values.requests);
const seed = Number(values.seed);
/** Caches of the runtime and of SQLite fill in the first tenth; from then on nothing may pile up, MB. */
const GROWTH_MB_MAX = 96;

console.log(`fuzz: ${count} requests, seed ${seed}`);
const dataDir = mkdtempSync(join(tmpdir(), "coop-fuzz-"));
const daemon = await startDaemon(dataDir, commandOf("coopd", "source") ?? [], {
  COOP_SANDBOX: "0",
  COOP_DELEGATE_TIMEOUT_SECS: "1",
  COOP_LOGIN_MAX_ATTEMPTS: "1000000000",
  COOP_LOG: "warn",
});
let failures = 0;
try {
  const wire = openWire(daemon.base);
  const document = (await wire.call("GET", "/openapi.json")) as ApiDocument;
  const token = readFileSync(join(dataDir, "token"), "utf8").trim();
  const parts = { base: daemon.base, token, document, atOnce: 32 };
  const warm = await runFuzz({ ...parts, seed, count: Math.ceil(count / 10) });
  const beforeMb = daemon.rssMb();
  const startedAt = performance.now();
  const onProgress = (sent: number) => console.log(`${sent} sent, ${daemon.rssMb().toFixed(0)} MB`);
  const main = await runFuzz({ ...parts, seed: seed + 1, count: count - warm.requests, onProgress });
  const seconds = (performance.now() - startedAt) / 1000;
  await Bun.sleep(3_000); // what the last answers held is given back
  const afterMb = daemon.rssMb();
  for (const fault of [...warm.faults, ...main.faults]) console.log(`fault: ${fault}`);
  console.log(`figure: fuzzed requests = ${warm.requests + main.requests}`);
  console.log(`figure: fuzzed requests a second = ${(main.requests / seconds).toFixed(0)}`);
  for (const [status, times] of Object.entries(main.byStatus)) console.log(`figure: answers ${status} = ${times}`);
  console.log(`figure: memory before and after = ${beforeMb.toFixed(0)} MB, ${afterMb.toFixed(0)} MB`);
  check("every answer is one that may be given", warm.faults.length + main.faults.length === 0);
  check(`memory grew by no more than ${GROWTH_MB_MAX} MB`, afterMb - beforeMb <= GROWTH_MB_MAX);
  check("the daemon is ready", (await fetch(`${daemon.base}/api/v1/readyz`)).ok);
  const health = (await wire.call("GET", "/doctor/store")) as { ok: boolean; problems: readonly string[] };
  check(`the store is sound ${health.problems.join("; ")}`, health.ok);
  const log = readFileSync(`${dataDir}.log`, "utf8");
  check("nothing was logged as failed", !/\bERROR\b|code=internal|internal:/.test(log));
} finally {
  await daemon.stop();
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(`${dataDir}.log`, { force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

function check(what: string, holds: boolean): void {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds) failures += 1;
}
