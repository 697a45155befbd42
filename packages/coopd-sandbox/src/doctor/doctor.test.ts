import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { AttackArea, Attempt } from "../attack/attempt.ts";
import { ATTEMPTS, type AttackParts, runAttacks } from "../attack/run-attacks.ts";
import type { LaunchWalls } from "../launch/launch-walls.ts";
import { openTestSandbox, type TestSandbox } from "../testing/test-sandbox.ts";
import { testWhere } from "../testing/test-where.ts";
import { probeHost } from "./probe-host.ts";

setDefaultTimeout(240_000); // about a hundred attempts, some of which fill memory and disk
const isRoot = process.getuid?.() === 0;
let bench: TestSandbox;
beforeAll(async () => {
  bench = await openTestSandbox();
});
afterAll(() => bench.close());

const signal = () => new AbortController().signal;

/** Titles of an area that breach when one wall is away. */
async function breachesWithout(
  walls: Partial<LaunchWalls>,
  area: AttackArea,
  parts: Pick<AttackParts, "network"> = {},
): Promise<readonly string[]> {
  const weak = await openTestSandbox(walls);
  const only = (attempt: Attempt) => attempt.area === area;
  const results = await runAttacks({ sandbox: weak.sandbox, signal: signal(), only, ...parts });
  await weak.close();
  return results.filter((result) => result.outcome === "breached").map((result) => result.title);
}

test("a sandbox that is switched off shows no green row, and is not attacked", async () => {
  const off = await openTestSandbox({}, { disabled: true });
  const rows = await probeHost(off.sandbox);
  expect(rows.filter((row) => row.holds && row.id !== "own_uid")).toEqual([]);
  expect(runAttacks({ sandbox: off.sandbox, signal: signal() })).rejects.toMatchObject({ code: "walls_missing" });
  await off.close();
});

test.each([
  ["seccomp", "kernel surface", "trace a process (ptrace)"],
  ["emptyEnvironment", "environment", "read them in the first process's environment"],
  ["procSys", "file writes", "find the kernel's settings mounted writable"],
  ["privateNetwork", "network", "reach a server on the host's loopback"],
  ["pidNamespace", "processes", "see a process of the host"],
  ["readOnlyRoot", "file writes", "make files anywhere outside the workdir"],
] as const)("without %s the attack breaches in %s: %s", async (wall, area, title) => {
  expect(await breachesWithout({ [wall]: false }, area)).toContain(title);
});

test("without a network of its own, what goes past the gate breaches, every way of it", async () => {
  const breached = await breachesWithout({ privateNetwork: false }, "network");
  for (const title of [
    "reach a server on the host's loopback",
    "reach a server on the host's loopback by IPv6",
    "reach a datagram server of the host",
    "reach an abstract socket of the host",
    "find an interface besides loopback",
  ]) {
    expect(breached).toContain(title);
  }
});

test("with a policy that names the decoy, what goes by the gate breaches, every way of it", async () => {
  const any = { private: true, methods: null, paths: null };
  const network = (decoys: Readonly<Record<string, string>>) => ({
    policy: "allowlist" as const,
    allow: ["127.0.0.1", "localhost"].map((host) => ({ host, ports: [Number(decoys.DECOY_PORT)], ...any })),
  });
  const breached = await breachesWithout({}, "network", { network });
  for (const title of [
    "have the gate open a tunnel to the host's loopback",
    "have the gate open a tunnel there by the name of loopback",
    "have the gate open a tunnel there by other spellings",
    "have the gate fetch from the host's loopback",
    "have the gate connect there by SOCKS, by address",
    "have the gate connect there by SOCKS, by name",
  ]) {
    expect(breached).toContain(title);
  }
});

testWhere(isRoot, "a plain user's daemon has no uid to drop")(
  "without uidDrop the attack breaches in file writes",
  async () => {
    expect(await breachesWithout({ uidDrop: false }, "file writes")).toContain("own what the daemon owns on the host");
  },
);

test("with all walls, no attempt breaches and all of them run", async () => {
  expect(ATTEMPTS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(ATTEMPTS.map((attempt) => attempt.title)).size).toBe(ATTEMPTS.length);
  const told: string[] = [];
  const results = await runAttacks({
    sandbox: bench.sandbox,
    signal: signal(),
    report: (result) => told.push(result.id),
  });
  expect(results.filter((result) => result.outcome !== "held")).toEqual([]);
  expect(told).toEqual(results.map((result) => result.id));
  expect(results.length).toBe(ATTEMPTS.length);
  console.log(`doctor: ${results.length} attempts held as ${isRoot ? "root" : "a plain user"}`);
});

test("every row that confinement is made of holds here, and goes red with its wall", async () => {
  const rows = await probeHost(bench.sandbox);
  const missing = rows.filter((row) => !row.holds).map((row) => row.id);
  const elsewhere = ["shared_limits", ...(isRoot ? [] : ["own_uid"])]; // what this host has not
  expect(missing.filter((id) => !elsewhere.includes(id))).toEqual([]);
  for (const [wall, id] of [
    ["seccomp", "seccomp"],
    ["emptyEnvironment", "environment"],
    ["procSys", "kernel_settings"],
    ["privateNetwork", "network_off"],
    ["pidNamespace", "processes"],
    ["readOnlyRoot", "read_only_root"],
  ] as const) {
    const weak = await openTestSandbox({ [wall]: false });
    const red = (await probeHost(weak.sandbox)).filter((row) => !row.holds).map((row) => row.id);
    expect([wall, red]).toEqual([wall, expect.arrayContaining([id])]);
    await weak.close();
  }
});

test("an attack can be stopped", async () => {
  const controller = new AbortController();
  const running = runAttacks({ sandbox: bench.sandbox, signal: controller.signal, report: () => controller.abort() });
  expect(running).rejects.toMatchObject({ code: "cancelled" });
  await running.catch(() => undefined);
});
