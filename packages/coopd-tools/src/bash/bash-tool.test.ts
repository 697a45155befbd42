import { afterAll, beforeAll, expect, test } from "bun:test";
import { openTestTools, type TestTools } from "../testing/test-tools.ts";

let tools: TestTools;
beforeAll(async () => {
  tools = await openTestTools();
});
afterAll(() => tools.close());

test("wrong input is refused with the field's name before anything runs", async () => {
  const cases: [unknown, string][] = [
    [{}, "command"],
    [{ command: "" }, "command"],
    [{ command: 5 }, "command"],
    [{ command: "a\0b" }, "NUL"],
    [{ command: `: ${"x".repeat(140_000)}` }, "131071 bytes"],
    [{ command: "true", timeout_s: "9" }, "timeout_s"],
    [{ command: "true", timeout_s: 1.5 }, "timeout_s"],
    [{ command: "true", timeout_s: -1 }, "timeout_s"],
    ["true", "object"],
    [null, "object"],
  ];
  for (const [input, text] of cases) {
    expect(tools.invoke("bash", input)).rejects.toMatchObject({
      code: "tool_input_invalid",
      message: expect.stringContaining(text),
    });
  }
});

test("with the sandbox switched off bash is refused", async () => {
  const off = await openTestTools(true);
  expect(off.invoke("bash", { command: "true" })).rejects.toMatchObject({ code: "walls_missing" });
  await off.close();
});

test("the output is the contract's object, with both streams and the exit code", async () => {
  expect(
    await tools.invoke("bash", { command: "echo out; echo err >&2; exit 3", workdir: "/etc", unknown: 1 }),
  ).toEqual({
    stdout: "out\n",
    stderr: "err\n",
    exit_code: 3,
    timed_out: false,
  });
  expect(await tools.invoke("bash", { command: 'pwd; basename "$COOP_HEN_WORKDIR"' })).toMatchObject({
    stdout: "/home/aria\naria\n",
  });
});

test("on timeout the output so far is kept and stderr says so", async () => {
  expect(await tools.invoke("bash", { command: "echo so far; echo oops >&2; sleep 60", timeout_s: 1 })).toEqual({
    stdout: "so far\n",
    stderr: "oops\ntimeout after 1s",
    exit_code: -1,
    timed_out: true,
  });
  expect(await tools.invoke("bash", { command: "touch never", timeout_s: 0 })).toMatchObject({
    stderr: "timeout after 0s",
    timed_out: true,
  });
  expect(await tools.invoke("bash", { command: "ls" })).toMatchObject({ stdout: "" });
});

test("a command that waits for input gets none instead of hanging", async () => {
  expect(await tools.invoke("bash", { command: "cat; read x; echo $?" })).toMatchObject({ stdout: "1\n" });
});

test("a long output is given by its head and tail, without terminal control", async () => {
  const { stdout } = await tools.invoke("bash", { command: "echo begin; seq 1000000; printf '\\e[31mend\\e[0m'" });
  expect(stdout).toStartWith("begin\n1\n2\n");
  expect(stdout).toEndWith("1000000\nend");
  expect(stdout).toMatch(/\n\[\.\.\. \d+ bytes left out \.\.\.\]\n/);
  expect(String(stdout).length).toBeLessThan(66_000);
});

test("cancel ends the command at once", async () => {
  const controller = new AbortController();
  const running = tools.invoke("bash", { command: "sleep 600" }, controller.signal);
  setTimeout(() => controller.abort(), 50);
  expect(running).rejects.toMatchObject({ code: "cancelled" });
  await running.catch(() => undefined);
  expect(tools.invoke("bash", { command: "true" }, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
});
