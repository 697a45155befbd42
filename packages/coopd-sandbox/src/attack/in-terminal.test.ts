import { expect, test } from "bun:test";
import type { LaunchWalls } from "../launch/launch-walls.ts";
import { openTestSandbox } from "../testing/test-sandbox.ts";
import type { AttackArea } from "./attempt.ts";
import { inTerminals } from "./in-terminal.ts";
import { type AttackResult, runAttacks } from "./run-attacks.ts";

/** Not an escape in a terminal: it is the hen's own, on a pty that nobody else has. */
const OWN = "open the daemon's terminal";

interface AttackWish {
  readonly toArgv?: (argv: readonly string[]) => readonly string[];
  readonly walls?: Partial<LaunchWalls>;
  /** All when absent. */
  readonly areas?: readonly AttackArea[];
}

async function attack({ toArgv, walls = {}, areas }: AttackWish = {}): Promise<AttackResult[]> {
  const walled = await openTestSandbox(walls);
  try {
    return await runAttacks({
      sandbox: inTerminals(walled.sandbox, toArgv),
      signal: new AbortController().signal,
      only: ({ title, area }) => title !== OWN && (areas === undefined || areas.includes(area)),
    });
  } finally {
    await walled.close();
  }
}
const notHeld = (results: readonly AttackResult[]) =>
  results.filter(({ outcome }) => outcome !== "held").map(({ title, outcome, detail }) => ({ title, outcome, detail }));

test("the doctor's whole attack gets nowhere from inside a terminal (issue 7, shown by 2)", async () => {
  const results = await attack();
  console.log(`${results.length} attempts from inside a terminal`);
  expect(results.length).toBeGreaterThan(90);
  expect(notHeld(results)).toEqual([]);
}, 240_000);

test("nor from where an agent runs, as the job of a shell in its terminal", async () => {
  const asJob = (argv: readonly string[]) => ["bash", "-c", 'set -m; "$@"', "coop-agent", ...argv];
  expect(notHeld(await attack({ toArgv: asJob, areas: ["environment", "processes", "terminal", "network"] }))).toEqual(
    [],
  );
}, 240_000);

test("with the system call filter taken away the same attack reports the breach", async () => {
  const found = notHeld(await attack({ walls: { seccomp: false }, areas: ["terminal", "kernel surface"] }));
  expect(found.filter(({ outcome }) => outcome === "breached").length).toBeGreaterThan(0);
}, 240_000);
