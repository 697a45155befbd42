import { expect, test } from "bun:test";
import type { ContentBlock, Message } from "coopd-core";
import { parseScript } from "./parse-script.ts";
import { createScriptBrain } from "./script-brain.ts";
import { SHIPPED_SCRIPT_NAMES, shippedScript } from "./shipped-scripts.ts";

test("demo, echo and hello are shipped, and no other name", () => {
  expect([...SHIPPED_SCRIPT_NAMES].sort()).toEqual(["demo", "echo", "hello"]);
  for (const name of ["prompt", "__proto__", "toString", ""]) expect(shippedScript(name)).toBeUndefined();
});

test.each(SHIPPED_SCRIPT_NAMES)("%s is a valid script", (name) => {
  expect(parseScript(shippedScript(name) ?? "").places.length).toBeGreaterThan(0);
});

/** Plays a shipped script against answers of the tools it calls; returns the conversation and the last text. */
async function play(model: string, prompt: string, tools: (name: string, input: unknown) => string | Error) {
  const readScript = () => Promise.reject(new Error("not a file"));
  const brain = createScriptBrain({ model, readScript, sleep: async () => {} });
  const messages: Message[] = [{ role: "user", content: prompt }];
  const calls: { name: string; input: unknown }[] = [];
  let text = "";
  for (let turn = 0; turn < 16; turn += 1) {
    const request = { system: "", messages, tools: [], temperature: 0, max_tokens: 1, stop_seq: [] };
    let content: readonly ContentBlock[] = [];
    for await (const chunk of brain.stream(request, new AbortController().signal)) {
      if (chunk.type === "final") content = chunk.response.content;
    }
    text = content.findLast((block) => block.type === "text")?.text ?? text;
    const asked = content.filter((block) => block.type === "tool_call");
    if (asked.length === 0) return { text, calls };
    calls.push(...asked.map(({ name, input }) => ({ name, input })));
    const results = asked.map(({ id, name, input }): ContentBlock => {
      const output = tools(name, input);
      const isError = output instanceof Error;
      return {
        type: "tool_result",
        tool_use_id: id,
        content: isError ? `ERROR: ${output.message}` : output,
        is_error: isError,
      };
    });
    messages.push({ role: "assistant", content }, { role: "user", content: results });
  }
  throw new Error("the script did not end");
}

const noTools = () => new Error("no tools here");

test("hello says hello", async () => {
  expect(await play("hello", "x", noTools)).toEqual({ text: "Hello from the coop.", calls: [] });
});

test("echo answers with the prompt", async () => {
  expect((await play("echo", "say {{this}}\nplease", noTools)).text).toBe("say {{this}}\nplease");
});

test("demo surveys, writes the report, reads it back and sums up", async () => {
  const files = new Map<string, string>();
  const { text, calls } = await play("demo", "look around", (name, input) => {
    const { path = "", content = "" } = input as { path?: string; content?: string };
    if (name === "bash")
      return JSON.stringify({ stdout: "Files:\n  a.txt\n", stderr: "", exit_code: 0, timed_out: false });
    if (name === "file_write") {
      files.set(path, content);
      return JSON.stringify({ bytes_written: content.length, path });
    }
    const stored = files.get(path) ?? "";
    return JSON.stringify({ content: stored, bytes: stored.length, truncated: false });
  });
  expect(calls.map(({ name }) => name)).toEqual(["bash", "file_write", "file_read"]);
  expect(files.get("report.md")).toBe(
    "# Report\n\nAsked for: look around\n\nWhat I found:\n\n```\nFiles:\n  a.txt\n```\n",
  );
  expect(text).toContain("The report is in report.md");
  expect(text).toContain("a.txt");
});

test("demo says in its report that no command may run, and ends well", async () => {
  let report = "";
  const { text } = await play("demo", "look", (name, input) => {
    if (name === "bash") return new Error("the walls are missing");
    if (name === "file_write") report = (input as { content: string }).content;
    return JSON.stringify(
      name === "file_write" ? { bytes_written: 1, path: "r" } : { content: report, bytes: 1, truncated: false },
    );
  });
  expect(text).toContain("I could not look around: ERROR: the walls are missing");
});

test("demo says so when it can't write", async () => {
  const { text } = await play("demo", "look", noTools);
  expect(text).toBe("I could not write report.md: ERROR: no tools here\n".trim());
});

test("demo's command runs in a plain shell", () => {
  const { places } = parseScript(shippedScript("demo") ?? "");
  const input = places[0]?.[0]?.tools?.[0]?.input;
  const { command } = input as { readonly command: string };
  const run = Bun.spawnSync(["bash", "-c", command], { cwd: import.meta.dir });
  expect(run.exitCode).toBe(0);
  expect(run.stdout.toString()).toContain("  shipped-scripts.ts\n");
});
