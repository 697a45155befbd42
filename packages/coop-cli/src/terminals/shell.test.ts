import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openRealDaemon, type RealDaemon } from "../testing/real-daemon.ts";
import { runCoop, runCoopInTerminal, type TerminalOptions } from "../testing/run-coop.ts";
import { readDetachKey } from "./detach-key.ts";

const MANIFEST = `spec_version: coop/v1
name: aria
brain: {provider_id: none, provider: script, model: demo}
network: {policy: "off"}
`;
const HEN = "local.coop/aria";
let daemon: RealDaemon;
beforeAll(async () => {
  daemon = await openRealDaemon();
  const file = join(daemon.dataDir, "..", "aria.yaml");
  await Bun.write(file, MANIFEST);
  await coop("hen", "create", file);
  await coop("hen", "hatch", HEN);
  await rm(file);
});
afterAll(() => daemon.close());

const coop = (...args: string[]) => runCoop(args, { env: { COOP_API: daemon.url } });
const attach = (args: readonly string[], options: TerminalOptions = {}) =>
  runCoopInTerminal(["shell", HEN, ...args], { ...options, env: { COOP_API: daemon.url } });

/** Presses keys when the screen so far has what each waits for, in their order. */
function script(...steps: readonly (readonly [pattern: RegExp, keys: string])[]): TerminalOptions {
  let next = 0;
  let from = 0;
  return {
    onText(text, press) {
      const [pattern, keys] = steps[next] ?? [];
      const found = pattern?.exec(text.slice(from));
      if (found == null || keys === undefined) return;
      from += found.index + found[0].length;
      next += 1;
      press(keys);
    },
  };
}

describe("refused", () => {
  test("without a terminal, for a detach key that is none, and with nothing to type", async () => {
    expect(await coop("shell", HEN)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("coop hen send") });
    expect((await attach(["--detach-key", "x"])).exitCode).toBe(2);
    expect((await coop("hen", "send", HEN)).exitCode).toBe(2);
    expect((await coop("hen", "send", HEN, "--keys", "Hyper")).exitCode).toBe(2);
    for (const name of ["", "C-", "C-cc", "c", "C-é"]) expect(() => readDetachKey(name)).toThrow("control key");
    expect([readDetachKey("C-]"), readDetachKey("C-a"), readDetachKey("C-\\")]).toEqual([29, 1, 28]);
  });

  test("for a hen that is not there, and to watch where nothing is live", async () => {
    const nobody = await runCoopInTerminal(["shell", "local.coop/nobody"], { env: { COOP_API: daemon.url } });
    expect([nobody.exitCode, nobody.text]).toEqual([1, expect.stringContaining("local.coop/nobody")]);
    expect(await attach(["--read-only"])).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining("no live terminal"),
    });
  });
});

describe("coop shell", () => {
  test("is the hen's shell, at this terminal's size, and its exit code", async () => {
    const { text, exitCode } = await attach([], {
      columns: 91,
      ...script([/\$ $/, "echo in-$((40+2)); stty size\r"], [/in-42/, "exit 7\r"]),
    });
    expect(text).toContain("30 91");
    expect(exitCode).toBe(7);
  });

  test("is left with the detach key and found again; what is sent meanwhile is there", async () => {
    const left = await attach([], script([/\$ $/, "kept=yes\r"], [/\$ $/, "\u001d"]));
    expect([left.exitCode, left.text]).toEqual([0, expect.stringContaining("goes on")]);
    expect((await coop("hen", "send", HEN, "echo sent; $kept -x")).exitCode).toBe(0);
    const [terminal] = JSON.parse((await coop("terminals", "-o", "json")).stdout);
    expect(terminal).toMatchObject({ hen_id: HEN, command: ["bash"], viewers: [] });
    const table = await runCoopInTerminal(["terminals"], { env: { COOP_API: daemon.url }, columns: 140 });
    expect(table.text).toMatch(/local\.coop\/aria\s+bash.*nobody/);
    const found = await attach([], script([/sent/, "echo again-$kept\r"], [/again-yes/, "\u0004"]));
    expect(found.exitCode).toBe(0);
    expect(found.text).toContain("yes: invalid option");
  });

  test("only watches when it is told to, and the terminal's end from outside is an error that says why", async () => {
    await coop("hen", "send", HEN, "echo watched");
    const { text, exitCode } = await attach(["--read-only"], {
      ...script([/watched/, "touch typed\r"]),
      async onStart() {
        while (!(await coop("terminals")).stdout.includes('"read_only": true')) await Bun.sleep(50);
        await coop("hen", "send", HEN, "ls; echo en''d");
        await Bun.sleep(500);
        await coop("hen", "sleep", HEN);
      },
    });
    expect(text).toMatch(/\rend\r/);
    expect(text).not.toContain("typed");
    expect([exitCode, text]).toEqual([1, expect.stringContaining("SLEEPING")]);
  });
});

test("coop task retry needs a task that nobody works on", async () => {
  const id = (await coop("-q", "task", "add", "x", "--kind", "codex")).stdout.trim();
  expect((await coop("task", "retry", id)).exitCode).toBe(6);
  expect((await coop("task", "retry", "nothing")).exitCode).toBe(4);
});
