import { expect, test } from "bun:test";
import { type ConversationWire, serveConversation, type Turn } from "coopd-brain/testing";
import type { ContentBlock, JournalEntry } from "coopd-core";
import { openDaemonUnderTest } from "../testing/daemon-under-test.ts";

const say = (text: string): ContentBlock => ({ type: "text", text });
const write = (id: string, path: string, content: string): ContentBlock => ({
  type: "tool_call",
  id,
  name: "file_write",
  input: { path, content },
});
const read = (id: string, path: string): ContentBlock => ({
  type: "tool_call",
  id,
  name: "file_read",
  input: { path },
});
const run = (id: string, command: string): ContentBlock => ({
  type: "tool_call",
  id,
  name: "bash",
  input: { command },
});

/** Ten answers: alone and in parallel, with text and without, calls that fail, and one whose arguments are no JSON. */
const CONTENTS: readonly (readonly ContentBlock[])[] = [
  [say("I begin. Grüße 🐔"), write("call_1", "a.txt", "eins\nzwei\n")],
  [read("call_2", "a.txt")],
  [write("call_3", "b.txt", "drei 🐔"), run("call_4", "cat a.txt b.txt | wc -c")],
  [say("A file that is not there."), read("call_5", "nope.txt")],
  [{ type: "tool_call", id: "call_6", name: "file_write", input: '{"path": "c.txt", "content": "cut o' }],
  [{ type: "tool_call", id: "call_7", name: "no_such_tool", input: { deep: [{ x: null }] } }],
  [run("call_8", "exit 3"), run("call_9", "echo 'quoted \"text\"'"), read("call_10", "b.txt")],
  [write("call_11", "a.txt", "")],
  [say("One last look."), run("call_12", "ls")],
  [say("Done: two files.")],
];

const TURNS: readonly Turn[] = CONTENTS.map((content, index) => ({
  content,
  usage: { input: 100 + index, output: 10 + index, cached: index * 50 },
}));

const WIRES: readonly ConversationWire[] = ["anthropic", "openai", "openai-compat"];

/** What a journal says that is not of this very run: without times and what names the provider. */
function told(entry: JournalEntry): unknown {
  const { at: _at, epoch: _epoch, ...fact } = entry;
  switch (fact.kind) {
    case "opened":
      return { ...fact, model: "", manifest_sha256: "" };
    case "brain.request":
      return { ...fact, call: { ...fact.call, provider: "" } };
    case "brain.response":
      return { ...fact, latency_ms: 0, call: { ...fact.call, provider: "" } };
    case "tool.result":
      return { ...fact, duration_ms: 0 };
    default:
      return fact;
  }
}

test("the same conversation of ten turns leaves the same journal, whatever the wire", async () => {
  const journals = new Map<string, readonly unknown[]>();
  for (const wire of WIRES) {
    using server = serveConversation(wire, TURNS);
    await using daemon = await openDaemonUnderTest();
    const hen = await daemon.hatch(
      `spec_version: coop/v1
name: aria
brain: {provider_id: none, provider: ${wire}, base_url: "${server.baseUrl}", model: tiny}
tools: [bash, file_read, file_write]
network: {policy: "off"}
`,
    );
    const job = await daemon.ended(await daemon.submit(hen, "do ten things"));
    expect([job.status, job.error, job.result]).toEqual(["DONE", null, "Done: two files."]);
    expect(job.usage).toMatchObject({ input_tokens: 1045, output_tokens: 145, cache_tokens: 2250 });
    expect([server.asked, server.faults]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], []]);
    journals.set(wire, (await daemon.journal(job.id)).map(told));
  }
  const [first = [], ...others] = WIRES.map((wire) => journals.get(wire));
  expect(first.length).toBeGreaterThan(40);
  for (const other of others) expect(other).toEqual(first as unknown[]);
}, 60_000);
