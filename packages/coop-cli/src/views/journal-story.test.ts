import { describe, expect, test } from "bun:test";
import type { Instant, JobId, JournalEntry, JournalFact } from "coopd-core";
import { createPaint } from "../output/paint.ts";
import { renderEventLine } from "./event-line.ts";
import { foldText } from "./folded-text.ts";
import { JournalStory } from "./journal-story.ts";
import { readToolOutput } from "./tool-output.ts";

const PLAIN = createPaint(false);

function tell(facts: readonly JournalFact[], linesMax = 3, columns = 80): string {
  const story = new JournalStory({ paint: PLAIN, linesMax, columns });
  const entries = facts.map((fact, i) => ({ ...fact, seq: i + 1, at: "2026-03-01T10:00:00Z" as Instant, epoch: 1 }));
  return entries.map((entry) => story.tell(entry as JournalEntry)).join("");
}

const opened: JournalFact = {
  kind: "opened",
  prompt: "survey\nthe yard",
  system: "",
  memory: null,
  tools: [{ name: "bash", description: "", input_schema: {} }],
  model: "demo",
  manifest_sha256: "",
};
const answer = (turn: number, text: string): JournalFact => ({
  kind: "brain.response",
  turn,
  content: [{ type: "text", text }],
  usage: { input_tokens: 120, output_tokens: 35, cache_tokens: 0 },
  finish_reason: "tool_use",
  latency_ms: 400,
});
const intent = (input: unknown, tool = "bash"): JournalFact => ({
  kind: "tool.intent",
  turn: 1,
  call_id: "c1",
  tool,
  input,
  effect: "once",
});
const result = (content: string, parts: Partial<Extract<JournalFact, { kind: "tool.result" }>> = {}): JournalFact => ({
  kind: "tool.result",
  turn: 1,
  call_id: "c1",
  tool: "bash",
  content,
  is_error: false,
  outcome: "known",
  duration_ms: 35,
  ...parts,
});
const settled = (parts: Partial<Extract<JournalFact, { kind: "settled" }>>): JournalFact => ({
  kind: "settled",
  status: "DONE",
  result: null,
  error: null,
  error_code: null,
  ...parts,
});

test("a job is told from prompt to result, and the last words are not said twice", () => {
  const bash = JSON.stringify({ stdout: "a.txt\nb.txt\n", stderr: "", exit_code: 0, timed_out: false });
  const story = tell([
    opened,
    { kind: "brain.request", turn: 1, sha256: "" },
    answer(1, "I will look."),
    intent({ command: "ls" }),
    result(bash),
    answer(2, "Two files."),
    settled({ result: "Two files." }),
  ]);
  expect(story).toBe(`» survey
  the yard
demo · bash

turn 1 400 ms · 120 → 35 tokens
  I will look.
▸ bash ls
  a.txt
  b.txt
  ✓ 35 ms

turn 2 400 ms · 120 → 35 tokens
  Two files.

DONE
`);
});

describe("a tool call", () => {
  test("that failed shows its error; one that nobody knows the outcome of says so", () => {
    expect(tell([intent({ command: "x" }), result("ERROR: no such file", { is_error: true })])).toBe(
      "▸ bash x\n  ERROR: no such file\n  ✗ 35 ms\n",
    );
    expect(
      tell([intent({ command: "x" }), result("ERROR: cut off", { is_error: true, outcome: "unknown" })]),
    ).toContain("outcome unknown: the daemon stopped while it ran");
  });

  test("of http shows status and body; the headers are in the journal's JSON", () => {
    const answer = JSON.stringify({
      status: 200,
      headers: { server: "x".repeat(200) },
      body: "hello",
      truncated: false,
    });
    const call = { ...intent({ url: "https://a.org/" }), tool: "http" } as JournalFact;
    expect(tell([call, result(answer, { tool: "http" })])).toBe(
      "▸ http https://a.org/\n  hello\n  ✓ 35 ms · status 200\n",
    );
  });

  test("that was not let out is followed by the note that tells the farmer how to allow it", () => {
    const text =
      "not let out: a.org:443: no rule names a.org (no_rule); allow it: coop hen allow local.coop/aria a.org:443";
    expect(tell([{ kind: "note", text }])).toBe(`· ${text}\n`);
  });

  test("that was refused before it was intended is named all the same", () => {
    expect(tell([result('ERROR: tool "http" is not granted', { tool: "http", is_error: true })])).toStartWith(
      "▸ http\n",
    );
  });

  test("shows several lines of input below, long ones cut, and long output folded", () => {
    expect(tell([intent({ command: "one\ntwo\nthree\nfour\nfive" })])).toBe(
      "▸ bash\n  │ one\n  │ two\n  │ three\n  │ … 2 more lines\n",
    );
    expect(tell([intent({ command: "one\ntwo\nthree\nfour\nfive" })], 0)).toContain("  │ five\n");
    expect(tell([intent({ path: "a.txt", content: "x\ny" }, "file_write")])).toBe(
      "▸ file_write\n  │ path=a.txt\n  │ x\n  │ y\n",
    );
    expect(tell([intent({ path: "a b", max_bytes: 9 }, "file_read")])).toBe('▸ file_read path="a b" max_bytes=9\n');
    expect(tell([intent({ command: "x".repeat(500) })])).toMatch(/^▸ bash x{72}…\n$/);
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`).join("\n");
    expect(tell([intent({ command: "ls" }), result(JSON.stringify({ stdout: lines }))])).toContain(
      "  line 2\n  … 97 more lines\n",
    );
  });

  test("shows what went another way than usual", () => {
    const failed = JSON.stringify({ stdout: "", stderr: "bad\n", exit_code: 2, timed_out: true });
    expect(tell([intent({ command: "x" }), result(failed)])).toBe(
      "▸ bash x\n  stderr: bad\n  ! 35 ms · exit_code 2 · timed_out true\n",
    );
  });
});

test("failure, children, notes and entries of a newer daemon are told", () => {
  expect(tell([settled({ status: "FAILED", error: "the brain\nis away", result: "half" })])).toBe(
    "\nFAILED: the brain\n  is away\n  half\n",
  );
  expect(tell([settled({ status: "CANCELLED", error: "cancelled" })])).toBe("\nCANCELLED\n");
  const child = { turn: 1, call_id: "c1", job_id: "j2" as JobId };
  expect(tell([{ kind: "child.spawned", ...child, hen_id: "local.coop/b" as never }])).toBe(
    "  ↳ local.coop/b works on it as job j2\n",
  );
  expect(tell([{ kind: "child.result", ...child, status: "DONE" }])).toBe("  ↳ job j2 ended DONE\n");
  expect(tell([{ kind: "note", text: "resumed" }])).toBe("· resumed\n");
  expect(tell([{ kind: "moon.phase", x: 1 } as never])).toContain('"kind":"moon.phase"');
});

test("nothing in any entry reaches the terminal as a control", () => {
  const evil = "\u001b]0;x\u0007\u001b[2Jhi\u009b1m\r\u202e";
  const story = tell([
    { ...opened, prompt: evil, model: evil, tools: [{ name: evil, description: "", input_schema: {} }] } as JournalFact,
    answer(1, evil),
    intent({ [evil]: evil, other: evil }, evil),
    result(JSON.stringify({ [evil]: evil, stdout: evil, n: [evil] })),
    result(evil, { is_error: true }),
    { kind: "note", text: evil },
    settled({ status: "FAILED", error: evil, result: evil }),
    { kind: evil, evil } as never,
  ]);
  expect(story).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
});

test("a text is folded to its first lines, and an endless line is cut", () => {
  expect(foldText("a\nb\nc\n\n", "  ", 2)).toBe("  a\n  b\n  c"); // saying "1 more line" would be no shorter
  expect(foldText("a\nb\nc\nd", "  ", 2)).toBe("  a\n  b\n  … 2 more lines");
  expect(foldText(" \n", "  ", 2)).toBe("");
  expect(foldText("x".repeat(5_000), "", 2)).toBe(`${"x".repeat(400)}… 5000 characters`);
});

test("a tool's output that is no object is one text", () => {
  expect(readToolOutput("plain")).toEqual({ facts: [], isUnusual: false, texts: [{ name: "", text: "plain" }] });
  expect(readToolOutput("[1,2]")).toEqual({ facts: [], isUnusual: false, texts: [{ name: "", text: "[1,2]" }] });
  expect(readToolOutput('{"bytes_written":3,"path":"a"}')).toEqual({
    facts: ["bytes_written 3", "path a"],
    isUnusual: false,
    texts: [],
  });
});

test("every event has its line, one that is not known shows its fields", () => {
  const line = (event: { type: string; [field: string]: unknown }) => renderEventLine(event, PLAIN);
  expect(line({ type: "job_status_changed", job_id: "j", status: "DONE", hen_id: "local.coop/a" })).toBe(
    "          job_status_changed    local.coop/a  DONE  j",
  );
  expect(line({ type: "job_status_changed", job_id: "j", status: "DONE" })).toEndWith("job_status_changed    DONE  j");
  const progress = { type: "job_progress", job_id: "j", hen_id: "local.coop/a" };
  expect(line({ ...progress, turn: 0, tool: null, tokens: 0 })).toEndWith(
    "job_progress          local.coop/a  beginning  j",
  );
  expect(line({ ...progress, turn: 2, tool: null, tokens: 12 })).toEndWith("turn 2 · thinking · 12 tokens  j");
  expect(line({ ...progress, turn: 2, tool: "ba\u001b[2Jsh", tokens: 0 })).toEndWith("turn 2 · bash  j");
  expect(line({ type: "delegated", from: "a", to: "b", job_id: "j" })).toEndWith("a → b  j");
  expect(line({ type: "memory_forgotten", hen_id: "a", count: 2 })).toEndWith("a  2 episodes");
  expect(line({ type: "hen_manifest_changed", id: "a", revision: 2 })).toEndWith("a  revision 2");
  const egress = { hen_id: "a", job_id: null, host: "x.org", port: 443, via: "tls", count: 1 };
  expect(line({ type: "egress_allowed", ...egress, rule: "x.org:443" })).toEndWith("a  x.org:443  x.org:443");
  const why = { code: "no_rule", reason: "no rule names it", rule: null, next: "coop hen allow a x.org:443" };
  expect(line({ type: "egress_denied", ...egress, ...why, count: 3 })).toEndWith(
    "a  x.org:443 3 times  no_rule: no rule names it  allow it: coop hen allow a x.org:443",
  );
  expect(line({ type: "egress_denied", ...egress, ...why, port: 0, next: null })).toEndWith(
    "a  x.org  no_rule: no rule names it",
  );
  expect(line({ type: "gap", from: 1, to: 9, reason: "pruned" })).toEndWith("events 1 to 9 are missing (pruned)");
  expect(line({ type: "moon\u001b[2J", seq: 1, phase: "full\u0007", n: { a: 1 } })).toBe(
    '          moon                  phase=full n={"a":1}',
  );
});
