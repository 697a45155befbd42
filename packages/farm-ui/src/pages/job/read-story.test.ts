import { expect, test } from "bun:test";
import type { JournalEntry } from "coopd-core";
import { gistOf, readStory } from "./read-story.ts";

let seq = 0;
const entry = (fields: object, epoch = 1) => {
  seq += 1;
  return { seq, epoch, at: "2026-03-01T10:00:00Z", ...fields } as unknown as JournalEntry;
};
const usage = { input_tokens: 1, output_tokens: 1, cache_tokens: 0 };
const response = (turn: number, ...content: object[]) =>
  entry({ kind: "brain.response", turn, content, usage, finish_reason: "tool_use", latency_ms: 1 });
const call = (id: string, command: string) => ({ type: "tool_call", id, name: "bash", input: { command } });
const intent = (call_id: string, epoch = 1) =>
  entry({ kind: "tool.intent", turn: 1, call_id, tool: "bash", input: {}, effect: "once" }, epoch);
const result = (call_id: string, more: object = {}, epoch = 1) =>
  entry(
    {
      kind: "tool.result",
      turn: 1,
      call_id,
      tool: "bash",
      content: "{}",
      is_error: false,
      outcome: "known",
      duration_ms: 1,
      ...more,
    },
    epoch,
  );

test("an empty journal is an empty story", () => {
  expect(readStory([])).toEqual({ opened: undefined, before: [], turns: [], settled: undefined });
});

test("a call meets its intent and its result, also where a model gave two calls one id", () => {
  const { turns } = readStory([
    response(1, call("a", "one"), call("a", "two")),
    intent("a"),
    result("a"),
    intent("call_1"),
  ]);
  const runs = turns[0]?.items.flatMap((it) => (it.kind === "tool" ? [it.run] : []));
  expect(
    runs?.map(({ callId, input, intent, result }) => [callId, input, intent !== undefined, result !== undefined]),
  ).toEqual([
    ["a", { command: "one" }, true, true],
    ["call_1", { command: "two" }, true, false],
  ]);
});

test("another claim in the middle is told, and the outcome that nobody knows stays unknown", () => {
  const { turns } = readStory([
    response(1, call("a", "one")),
    intent("a"),
    result("a", { outcome: "unknown", is_error: true }, 2),
  ]);
  expect(turns[0]?.items.map(({ kind }) => kind)).toEqual(["tool", "resumed"]);
  const [item] = turns[0]?.items ?? [];
  expect(item?.kind === "tool" && item.run.result?.outcome).toBe("unknown");
  expect(item?.kind === "tool" && item.run.isResumed).toBe(true);
});

test("a call that failed and was made again is two requests of one turn", () => {
  const { turns } = readStory([
    entry({ kind: "brain.request", turn: 1, sha256: "" }),
    entry({ kind: "brain.failed", turn: 1, model: "m", error: "overloaded" }),
    entry({ kind: "brain.request", turn: 1, sha256: "" }),
    response(1, { type: "text", text: "ok" }),
  ]);
  expect(turns.length).toBe(1);
  expect([turns[0]?.requests.length, turns[0]?.items.map(({ kind }) => kind)]).toEqual([2, ["failed", "text"]]);
});

test("the gist of a call is what a person looks for first, whatever a model put there", () => {
  expect(gistOf({ timeout_s: 3, command: "ls" })).toBe("ls");
  expect(gistOf({ to: "local.coop/b", prompt: "help" })).toBe("local.coop/b: help");
  expect(gistOf({ command: { not: "text" } })).toBe('{"command":{"not":"text"}}');
  expect([gistOf("raw"), gistOf(null), gistOf(undefined), gistOf(7)]).toEqual(["raw", "", "", ""]);
});
