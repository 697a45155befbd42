import { afterAll, beforeAll, expect, test } from "bun:test";
import { openTestTools, type TestTools } from "../testing/test-tools.ts";

let tools: TestTools;
beforeAll(async () => {
  tools = await openTestTools();
});
afterAll(() => tools.close());

test("wrong input is refused with the field's name", () => {
  const cases: [string, unknown, string][] = [
    ["file_read", {}, "path"],
    ["file_read", { path: "" }, "path"],
    ["file_read", { path: "a", max_bytes: -1 }, "max_bytes"],
    ["file_write", { path: "a" }, "content"],
    ["file_write", { path: "a", content: "x", append: "yes" }, "append"],
    ["file_write", { path: "a", content: "x".repeat(9 * 2 ** 20) }, "8388608"],
  ];
  for (const [tool, input, text] of cases) {
    expect(tools.invoke(tool, input)).rejects.toMatchObject({
      code: "tool_input_invalid",
      message: expect.stringContaining(text),
    });
  }
});

test("traps that a hen lays with bash are refused by both file tools", async () => {
  await tools.invoke("bash", {
    command: "ln -s /etc/passwd link; mkfifo fifo; echo x > a; ln a hard; ln -s /tmp dir; ln -s new dangling",
  });
  for (const path of ["link", "fifo", "hard", "dir/x", "dangling", "../x", "/etc/passwd"]) {
    expect(tools.invoke("file_read", { path })).rejects.toMatchObject({ code: "path_refused" });
    expect(tools.invoke("file_write", { path, content: "x" })).rejects.toMatchObject({ code: "path_refused" });
    expect(tools.invoke("file_write", { path, content: "x", append: true })).rejects.toMatchObject({
      code: "path_refused",
    });
  }
});

test("a missing file is told as such", () => {
  expect(tools.invoke("file_read", { path: "none" })).rejects.toMatchObject({
    message: expect.stringContaining("no such file"),
  });
});

test("what file_write writes, bash and file_read see, and the other way round", async () => {
  expect(await tools.invoke("file_write", { path: "out/report.md", content: "äöü\n" })).toEqual({
    bytes_written: 7,
    path: "/home/aria/out/report.md",
  });
  await tools.invoke("bash", { command: "echo more >> out/report.md" });
  await tools.invoke("file_write", { path: "/home/aria/out/report.md", content: "end", append: true });
  expect(await tools.invoke("file_read", { path: "out/report.md" })).toEqual({
    content: "äöü\nmore\nend",
    bytes: 15,
    truncated: false,
  });
});

test("a file larger than asked for is cut, and its whole size told", async () => {
  await tools.invoke("bash", { command: "truncate -s 4G sparse; printf abcdef > small" });
  expect(await tools.invoke("file_read", { path: "small", max_bytes: 3 })).toEqual({
    content: "abc",
    bytes: 6,
    truncated: true,
  });
  expect(await tools.invoke("file_read", { path: "sparse" })).toMatchObject({ bytes: 2 ** 32, truncated: true });
});

test("file tools work where no process can be confined", async () => {
  const off = await openTestTools(true);
  await off.invoke("file_write", { path: "a.txt", content: "a" });
  expect(await off.invoke("file_read", { path: "a.txt" })).toMatchObject({ content: "a" });
  await off.close();
});

test("a cancelled call touches nothing", async () => {
  const cancelled = AbortSignal.abort();
  expect(tools.invoke("file_write", { path: "late", content: "x" }, cancelled)).rejects.toMatchObject({
    code: "cancelled",
  });
  expect(tools.invoke("file_read", { path: "late" })).rejects.toMatchObject({ code: "path_refused" });
});
