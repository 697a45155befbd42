import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ALL_CHECKS } from "./all-checks.ts";
import { openDoor } from "./door.ts";
import { openModelServer } from "./model-server.ts";
import { renderOutcome, runChecks } from "./run-checks.ts";

// `npm run conformance -- --base URL [--token TOKEN] [--coop PATH] [--coopd PATH] [--only ID,…] [--json] [--list]`: whether a
// daemon, and the programs beside it, keep the wire contract. It makes hens, jobs and tasks on that farm and opens a vault there:
// give it a farm of its own, on this machine. Exit code 0: all that was tried holds; 1: something is broken; 2: wrong usage.
const USAGE = "--base URL [--token TOKEN] [--coop PATH] [--coopd PATH] [--only ID,…] [--json] [--list]";
process.exitCode = await main().catch((error: Error) => {
  process.stderr.write(`conformance: ${error.message}\n  usage: npm run conformance -- ${USAGE}\n`);
  return 2;
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      base: { type: "string" },
      token: { type: "string" },
      coop: { type: "string" },
      coopd: { type: "string" },
      only: { type: "string" },
      json: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
    },
  });
  const only = values.only?.split(",");
  const unknown = only?.filter((id) => !ALL_CHECKS.some((check) => check.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`there is no check ${unknown.join(", ")}; --list shows them`);
  const checks = ALL_CHECKS.filter(({ id }) => only === undefined || only.includes(id));
  if (values.list) {
    for (const { id, section, title } of checks)
      process.stdout.write(`${section.padEnd(14)} ${id.padEnd(26)} ${title}\n`);
    return 0;
  }
  if (values.base === undefined) throw new Error("--base is missing: the address of the daemon");
  const base = values.base.replace(/\/+$/, "");
  await fetch(`${base}/api/v1/healthz`).catch(() => {
    throw new Error(`nothing answers at ${base}`);
  });
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  const models = openModelServer();
  const toCommand = (path: string | undefined) => (path === undefined ? undefined : [path]);
  const [coop, coopd] = [toCommand(values.coop), toCommand(values.coopd)];
  const door = openDoor({ base, token: values.token, coop, coopd, models, folder });
  try {
    const told = values.json
      ? () => {}
      : (outcome: Parameters<typeof renderOutcome>[0]) => void process.stdout.write(renderOutcome(outcome));
    const outcomes = await runChecks(checks, door, { hasCoop: coop !== undefined, told });
    const count = (result: string) => outcomes.filter((outcome) => outcome.result === result).length;
    const totals = { holds: count("holds"), broken: count("broken"), skipped: count("skipped") };
    if (values.json) process.stdout.write(`${JSON.stringify({ base, ...totals, checks: outcomes }, null, 2)}\n`);
    else process.stdout.write(`${totals.holds} hold, ${totals.broken} are broken, ${totals.skipped} were skipped\n`);
    return totals.broken === 0 ? 0 : 1;
  } finally {
    await door.close();
    await models.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
