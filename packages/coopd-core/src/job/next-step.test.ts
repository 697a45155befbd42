import { describe, expect, test } from "bun:test";
import type { ContentBlock } from "../ports/brain.ts";
import { createRandom } from "../testing/random.ts";
import type { JournalFact } from "./journal.ts";
import type { JobLimits } from "./limits.ts";
import { nextStep, type Progress, type Step } from "./next-step.ts";

const LIMITS: JobLimits = { max_turns: 16, wall_secs: null, output_tokens: null, tokens: null, cost_usd: null };

const OPENED: JournalFact = {
  kind: "opened",
  prompt: "do it",
  system: "be a hen",
  memory: null,
  tools: [],
  model: "demo",
  manifest_sha256: "00",
};

function response(turn: number, content: readonly ContentBlock[], finish = "tool_use", output = 1): JournalFact {
  const usage = { input_tokens: 10, output_tokens: output, cache_tokens: 0 };
  return { kind: "brain.response", turn, content, usage, finish_reason: finish, latency_ms: 1 };
}

function text(words: string): ContentBlock {
  return { type: "text", text: words };
}

function call(id: string, name = "bash"): ContentBlock {
  return { type: "tool_call", id, name, input: { command: id } };
}

function intent(turn: number, callId: string): JournalFact {
  return { kind: "tool.intent", turn, call_id: callId, tool: "bash", input: {}, effect: "once" };
}

function result(turn: number, callId: string): JournalFact {
  return {
    kind: "tool.result",
    turn,
    call_id: callId,
    tool: "bash",
    content: `out ${callId}`,
    is_error: false,
    outcome: "known",
    duration_ms: 1,
  };
}

function stepOf(...journal: readonly JournalFact[]): Step {
  return nextStep(journal, LIMITS).step;
}

describe("a job stops with an error", () => {
  test("when its turns are used up, and says which limit it was", () => {
    const journal = [OPENED, response(1, [text("halfway"), call("a")]), result(1, "a")];
    const { step, turns } = nextStep(journal, { ...LIMITS, max_turns: 1 });
    expect(turns).toBe(1);
    expect(step).toMatchObject({
      kind: "settle",
      outcome: {
        status: "FAILED",
        result: "halfway",
        error: { code: "limit_reached", details: { limit: "max_turns", value: 1 } },
      },
    });
  });

  test("when its output tokens are used up, but not before its last calls have run", () => {
    const limits = { ...LIMITS, output_tokens: 5 };
    const journal = [OPENED, response(1, [call("a")], "tool_use", 5)];
    expect(nextStep(journal, limits).step.kind).toBe("invoke");
    expect(nextStep([...journal, result(1, "a")], limits).step).toMatchObject({
      outcome: { status: "FAILED", error: { code: "limit_reached", details: { limit: "output_tokens", value: 5 } } },
    });
  });

  test("when the model refuses, with what it said before; a call that the refusal cut short is not run", () => {
    for (const content of [[], [text("I can")], [text("I can"), call("a")]]) {
      expect(stepOf(OPENED, response(1, content, "refusal"))).toMatchObject({
        kind: "settle",
        outcome: { status: "FAILED", error: { code: "brain_refused" }, ...(content.length > 0 && { result: "I can" }) },
      });
    }
  });

  test("when the last answer was cut, with what there is of it (weaknesses D13)", () => {
    expect(stepOf(OPENED, response(1, [text("and then")], "max_tokens"))).toMatchObject({
      outcome: { status: "FAILED", result: "and then", error: { code: "brain_output_cut" } },
    });
  });
});

describe("a job is done", () => {
  test("with the last text that is not blank, of whatever turn", () => {
    const journal = [
      OPENED,
      response(1, [text("first"), text("second"), call("a")]),
      result(1, "a"),
      response(2, [text(" \n")], "end_turn"),
    ];
    expect(stepOf(...journal)).toEqual({ kind: "settle", outcome: { status: "DONE", result: "second" } });
    expect(stepOf(OPENED, response(1, [], "end_turn"))).toEqual({
      kind: "settle",
      outcome: { status: "DONE", result: "" },
    });
  });

  test("when a model ends its turn and calls tools all the same, once they have run", () => {
    const ending = response(1, [text("bye"), call("a")], "end_turn");
    expect(stepOf(OPENED, ending)).toMatchObject({ kind: "invoke" });
    expect(stepOf(OPENED, ending, intent(1, "a"), result(1, "a"))).toEqual({
      kind: "settle",
      outcome: { status: "DONE", result: "bye" },
    });
  });
});

describe("a call", () => {
  test("whose intent is in the journal without a result is given back as intended", () => {
    const journal = [OPENED, response(1, [call("a"), call("b")]), intent(1, "a")];
    expect(stepOf(...journal)).toMatchObject({
      kind: "invoke",
      turn: 1,
      callKeyIndex: 0,
      call: { id: "a" },
      intended: true,
    });
    expect(stepOf(...journal, result(1, "a"))).toMatchObject({ callKeyIndex: 1, call: { id: "b" }, intended: false });
  });

  test("of a later turn with the id of an earlier one is another call", () => {
    const journal = [OPENED, response(1, [call("call_0")]), result(1, "call_0"), response(2, [call("call_0")])];
    expect(stepOf(...journal)).toMatchObject({ kind: "invoke", turn: 2, intended: false });
  });

  const CLASHES: readonly (readonly string[])[] = [
    ["", ""],
    ["a", "a", "a"],
    ["call_1", ""],
    ["", "call_0"],
    ["call_1", "call_1"],
    ["call_2", "x", "x"],
    ["call_3", "call_2", "", "", ""],
  ];
  for (const ids of CLASHES) {
    test(`runs once each where an answer numbers its calls ${JSON.stringify(ids)}`, () => {
      const journal: JournalFact[] = [
        OPENED,
        response(
          1,
          ids.map((id) => call(id)),
        ),
      ];
      const run: string[] = [];
      for (let step = nextStep(journal, LIMITS).step; step.kind === "invoke"; step = nextStep(journal, LIMITS).step) {
        run.push(step.call.id);
        journal.push(intent(1, step.call.id), result(1, step.call.id));
        if (run.length > ids.length) break;
      }
      expect(run).toHaveLength(ids.length);
      expect(new Set(run).size).toBe(ids.length);
      const asked = nextStep(journal, LIMITS).step;
      expect(asked.kind === "ask" ? resultIds(asked) : []).toEqual(run);
    });
  }
});

function resultIds(step: Extract<Step, { kind: "ask" }>): readonly string[] {
  const content = step.messages.at(-1)?.content;
  if (typeof content !== "object") return [];
  return content.map((block) => (block.type === "tool_result" ? block.tool_use_id : ""));
}

test("the brain hears its own words and thoughts unchanged and in place, without blanks, and every result (weaknesses D13)", () => {
  const thinking: ContentBlock = { type: "thinking", text: "hm", signature: "c2lnbmVk" };
  const redacted: ContentBlock = { type: "thinking", text: "", redacted: "b3BhcXVl" };
  const unknown: ContentBlock = { type: "unknown", wire: "anthropic", block: { type: "compaction", content: "x" } };
  const journal = [
    { ...OPENED, memory: "MEMORY" },
    response(1, [thinking, text(""), redacted, text("so"), unknown, call("a")]),
    intent(1, "a"),
    result(1, "a"),
  ];
  expect(stepOf(...journal)).toMatchObject({
    kind: "ask",
    turn: 2,
    messages: [
      { role: "user", content: "MEMORY\n\ndo it" },
      { role: "assistant", content: [thinking, redacted, text("so"), unknown, call("a")] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "out a", is_error: false }] },
    ],
  });
});

test("a model that pauses hears its own words and goes on, until its turns are used up", () => {
  const paused = [OPENED, response(1, [text("searching")], "pause_turn")];
  expect(stepOf(...paused)).toMatchObject({
    kind: "ask",
    turn: 2,
    messages: [{ role: "user" }, { role: "assistant", content: [text("searching")] }],
  });
  const { step } = nextStep(paused, { ...LIMITS, max_turns: 1 });
  expect(step).toMatchObject({ outcome: { status: "FAILED", error: { code: "limit_reached" } } });
  expect(stepOf(OPENED, response(1, [], "pause_turn"))).toMatchObject({ outcome: { status: "DONE", result: "" } });
});

test("a fresh job is opened first, and usage adds up over its turns", () => {
  expect(nextStep([], LIMITS)).toMatchObject({ step: { kind: "open" }, turns: 0 });
  expect(nextStep([{ kind: "note", text: "x" }], LIMITS).step.kind).toBe("open");
  const journal = [
    OPENED,
    response(1, [call("a")], "tool_use", 7),
    result(1, "a"),
    response(2, [text("x")], "end_turn", 5),
  ];
  expect(nextStep(journal, LIMITS)).toMatchObject({
    turns: 2,
    usage: { input_tokens: 20, output_tokens: 12, cache_tokens: 0 },
  });
});

// ── a job that is cut off anywhere goes on exactly where it was ──

const SEED = 20_260_312;
const JOBS = 200;

/** A brain and tools whose answers depend on nothing but where they are asked, as a replay needs. */
function answerTo(progress: Progress, seed: number): readonly JournalFact[] {
  const { step } = progress;
  if (step.kind === "open") return [OPENED];
  if (step.kind === "ask") {
    const pick = createRandom(seed * 1000 + step.turn);
    const calls = Array.from({ length: pick(4) }, () => call(["", "a", "b", "call_1", "call_2"][pick(5)] ?? ""));
    const finish = ["tool_use", "tool_use", "tool_use", "end_turn", "max_tokens"][pick(5)] ?? "";
    const content = [text(`turn ${step.turn}`), ...calls];
    return [{ kind: "brain.request", turn: step.turn, sha256: "" }, response(step.turn, content, finish, pick(20))];
  }
  if (step.kind === "invoke") {
    const { turn, call: asked, intended } = step;
    return [...(intended ? [] : [intent(turn, asked.id)]), result(turn, asked.id)];
  }
  return [];
}

/** Runs on from a journal to its end. */
function runOn(start: readonly JournalFact[], limits: JobLimits, seed: number): readonly JournalFact[] {
  const journal = [...start];
  for (let guard = 0; guard < 500; guard += 1) {
    const facts = answerTo(nextStep(journal, limits), seed);
    if (facts.length === 0) return journal;
    journal.push(...facts);
  }
  throw new Error("this job does not end");
}

test(`${JOBS} random jobs cut off behind every fact end as if they had not been (seed ${SEED})`, () => {
  let prefixes = 0;
  for (let job = 0; job < JOBS; job += 1) {
    const seed = SEED + job;
    const limits: JobLimits = {
      max_turns: 1 + (job % 6),
      wall_secs: null,
      output_tokens: job % 3 === 0 ? 40 : null,
      tokens: null,
      cost_usd: null,
    };
    const whole = runOn([], limits, seed);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      // a request without its response is asked again, so it stands twice; nothing else may
      const resumed = runOn(whole.slice(0, cut), limits, seed);
      const isAsking = whole[cut - 1]?.kind === "brain.request";
      const expected = isAsking ? [...whole.slice(0, cut), ...whole.slice(cut - 1)] : whole;
      expect(resumed).toEqual([...expected]);
      expect(nextStep(resumed, limits)).toEqual(nextStep(whole, limits));
      prefixes += 1;
    }
    expect(nextStep(whole, limits).step.kind).toBe("settle");
  }
  console.info(`resume: ${prefixes} prefixes of ${JOBS} jobs (seed ${SEED})`);
});
