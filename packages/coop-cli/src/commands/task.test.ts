import { afterAll, describe, expect, test } from "bun:test";
import { openRealDaemon } from "../testing/real-daemon.ts";
import { runCoop, runCoopInTerminal } from "../testing/run-coop.ts";

const daemon = await openRealDaemon();
afterAll(() => daemon.close());
const env = { COOP_API: daemon.url };
const coop = (...args: string[]) => runCoop(args, { env });

describe("task", () => {
  test("add is refused when blank or for a kind that there is none of; done and cancel for a task that is not there", async () => {
    expect((await coop("task", "add", " ")).exitCode).toBe(2);
    expect((await coop("task", "add", "x", "--kind", "robot")).exitCode).toBe(2);
    expect((await coop("task", "done", "nothing")).exitCode).toBe(4);
    expect((await coop("task", "cancel", "nothing")).exitCode).toBe(4);
    expect(await coop("task", "list")).toEqual({ stdout: "[]\n", stderr: "", exitCode: 0 });
  });

  test("add, list, done, cancel: newest first, with what it waits for", async () => {
    const first = (await coop("-q", "task", "add", "tidy the repository", "--kind", "codex")).stdout.trim();
    const second = JSON.parse((await runCoop(["task", "add", "-"], { env, stdin: "from stdin" })).stdout).task_id;
    const tasks = JSON.parse((await coop("task", "list")).stdout);
    expect(tasks).toMatchObject([
      { id: second, prompt: "from stdin", status: "PENDING" },
      { id: first, required_agent_kind: "codex", waiting_for: "a hen of kind codex", claimed_by: null },
    ]);
    const shown = await runCoopInTerminal(["task", "list"], { env, columns: 160 });
    expect(shown.text).toContain("a hen of kind codex");
    expect((await coop("task", "cancel", second)).exitCode).toBe(0);
    expect((await coop("task", "cancel", second)).exitCode).toBe(6);
    expect(await coop("task", "done", first)).toEqual({ stdout: '{\n  "ok": true\n}\n', stderr: "", exitCode: 0 });
    expect((await coop("-q", "task", "list")).stdout).toBe(`${second}\n${first}\n`);
  });
});
