import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ALL_CHECKS } from "../../conformance/all-checks.ts";
import { type DoorParts, openDoor } from "../../conformance/door.ts";
import { type ModelServer, openModelServer } from "../../conformance/model-server.ts";
import { runChecks } from "../../conformance/run-checks.ts";
import { FROM_SOURCE, ROOT, type RunningDaemon, startDaemon } from "../e2e/programs.ts";
import { type BreakingProxy, openBreakingProxy } from "./breaking-proxy.ts";
import { PROGRAM_FAULTS, WIRE_FAULTS } from "./faults.ts";

// Issue 8, shown by 1, and issue 10, shown by 4: our daemon keeps the contract, tried from outside by a suite that knows nothing of
// it; and each check of the suite turns red when the one thing that it is for is broken.
const folder = mkdtempSync(join(tmpdir(), "coop-conformance-"));
/** A fault that shows as something never coming is told after this long, ms. */
const BROKEN_WAIT_MS = 3_000;
let daemon: RunningDaemon;
let proxy: BreakingProxy;
let models: ModelServer;

beforeAll(async () => {
  daemon = await startDaemon(FROM_SOURCE, join(folder, "data"), { COOP_AUTH: "none", COOP_RESUME: "fail" });
  proxy = openBreakingProxy(daemon.url);
  models = openModelServer();
}, 60_000);

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await models.close();
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A program of ours by one path, as the suite wants it. */
function program(name: string, script: string, real: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/bash\nreal="${real.join(" ")}"\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const coopPath = program("coop", 'exec $real "$@"', FROM_SOURCE.coop);
const coopdPath = program("coopd", 'exec $real "$@"', FROM_SOURCE.coopd);

async function tryOne(id: string, parts: Partial<DoorParts>) {
  const checks = ALL_CHECKS.filter((check) => check.id === id);
  const usual = { base: daemon.url, token: undefined, coop: [coopPath], coopd: [coopdPath], models, folder };
  const door = openDoor({ ...usual, waitMs: BROKEN_WAIT_MS, ...parts });
  try {
    const [outcome] = await runChecks(checks, door, { hasCoop: true, told: () => {} });
    return outcome;
  } finally {
    proxy.fault = {};
    await door.close();
  }
}

test("our daemon and programs keep the contract: every check holds, none is skipped", async () => {
  const args = ["--base", daemon.url, "--coop", coopPath, "--coopd", coopdPath, "--json"];
  const command = [process.execPath, "--no-env-file", "--config=/dev/null", "conformance/main.ts", ...args];
  const child = Bun.spawn(command, { cwd: ROOT, stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  const report = JSON.parse(await child.stdout.text());
  const { checks } = report as { checks: { id: string; result: string; reason: string | null }[] };
  const bad = checks.filter(({ result }) => result !== "holds").map(({ id, result, reason }) => [id, result, reason]);
  expect(bad).toEqual([]);
  expect([checks.length, await child.exited]).toEqual([ALL_CHECKS.length, 0]);
}, 240_000);

test("a farm that asks for a token keeps the contract of tokens too, and a fault of its refusal is found", async () => {
  const dataDir = join(folder, "guarded");
  const guarded = await startDaemon(FROM_SOURCE, dataDir);
  try {
    const token = readFileSync(join(dataDir, "token"), "utf8").trim();
    for (const id of ["door-token", "watch-life", "cli-reads", "farm-page"]) {
      expect(await tryOne(id, { base: guarded.url, token })).toMatchObject({ result: "holds", reason: null });
    }
    await using broken = openBreakingProxy(guarded.url);
    broken.fault = {
      answer: (_, __, answer) => (answer.status === 401 ? { ...answer, headers: new Headers() } : answer),
    };
    expect(await tryOne("door-token", { base: broken.base, token })).toMatchObject({ result: "broken" });
    expect(await tryOne("door-token", { base: guarded.url })).toMatchObject({ result: "broken" }); // --token is missing
  } finally {
    await guarded.stop();
  }
}, 120_000);

test("usage: no address, an address where nobody is, and an unknown check end with 2", async () => {
  for (const args of [[], ["--base", "http://127.0.0.1:1"], ["--base", daemon.url, "--only", "nothing"]]) {
    const command = [process.execPath, "--no-env-file", "--config=/dev/null", "conformance/main.ts", ...args];
    const child = Bun.spawn(command, { cwd: ROOT, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
    expect([await child.exited, (await child.stderr.text()).startsWith("conformance: ")]).toEqual([2, true]);
  }
}, 60_000);

test("every check has a fault that it must find", () => {
  const faults = [...Object.keys(WIRE_FAULTS), ...Object.keys(PROGRAM_FAULTS)];
  expect(faults.toSorted()).toEqual(ALL_CHECKS.map(({ id }) => id).toSorted());
  expect(new Set(faults).size).toBe(faults.length);
});

describe("broken in one place, the check for it is red; through the proxy alone it is green", () => {
  for (const [id, fault] of Object.entries(WIRE_FAULTS)) {
    test(id, async () => {
      const sound = await tryOne(id, { base: proxy.base });
      expect([sound?.result, sound?.reason]).toEqual(["holds", null]);
      proxy.fault = fault;
      expect(await tryOne(id, { base: proxy.base })).toMatchObject({ result: "broken" });
    }, 60_000);
  }
});

describe("a program that does one thing otherwise is found", () => {
  for (const [id, script] of Object.entries(PROGRAM_FAULTS)) {
    test(id, async () => {
      const name = id.startsWith("cli-") ? "coop" : "coopd";
      const path = program(`${name}-${id}`, script, FROM_SOURCE[name]);
      const own = mkdtempSync(join(folder, `${id}-`));
      expect(await tryOne(id, { [name]: [path], folder: own })).toMatchObject({ result: "broken" });
    }, 120_000);
  }
});
