import { describe, expect, test } from "bun:test";
import {
  type BrainChunk,
  type BrainRequest,
  type BrainResponse,
  type ContentBlock,
  CoopError,
  type Message,
  renderEpisodes,
} from "coopd-core";
import type { ScriptEntry } from "./script.ts";
import { createScriptBrain } from "./script-brain.ts";

const live = () => new AbortController().signal;

function requestOf(messages: readonly Message[]): BrainRequest {
  return { system: "", messages, tools: [], temperature: 0.7, max_tokens: 4096, stop_seq: [] };
}

function brainOf(script: readonly ScriptEntry[] | string, sleep?: (ms: number, signal: AbortSignal) => Promise<void>) {
  const text = typeof script === "string" ? script : JSON.stringify(script);
  return createScriptBrain({
    model: "file:s.yaml",
    readScript: async () => text,
    ...(sleep === undefined ? {} : { sleep }),
  });
}

async function ask(brain: ReturnType<typeof brainOf>, messages: readonly Message[], signal = live()) {
  const deltas: string[] = [];
  let response: BrainResponse | undefined;
  for await (const chunk of brain.stream(requestOf(messages), signal)) {
    if (response !== undefined) throw new Error("a chunk came behind the final one");
    if (chunk.type === "text") deltas.push(chunk.delta);
    if (chunk.type === "final") response = chunk.response;
  }
  if (response === undefined) throw new Error("no final chunk came");
  return { deltas, response };
}

/** The conversation after `results.length` answers that each called one tool. */
function after(prompt: string, ...results: readonly { content: string; is_error?: boolean }[]): readonly Message[] {
  const rounds = results.flatMap((result, index): Message[] => {
    const call: ContentBlock = { type: "tool_call", id: `c${index}`, name: "bash", input: {} };
    const block = { type: "tool_result", tool_use_id: `c${index}`, is_error: false, ...result } as const;
    return [
      { role: "assistant", content: [call] },
      { role: "user", content: [block] },
    ];
  });
  return [{ role: "user", content: prompt }, ...rounds];
}

const ran = (stdout: string, exit_code = 0) => ({
  content: JSON.stringify({ stdout, stderr: "", exit_code, timed_out: false }),
});

describe("the scripted brain refuses", () => {
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      "a script with a fault in it",
      () => ask(brainOf("- txt: hi"), after("x")),
      /1:3 turn 1: has the unknown key "txt"; did you mean "text"/,
    ],
    [
      "to go on when no turn fits",
      () =>
        ask(brainOf([{ tools: [{ name: "bash" }] }, { when: { exit_code: 0 }, text: "ok" }]), after("x", ran("", 3))),
      /turn 2 of the script does not fit: the last tool result is .*exit_code.*3/,
    ],
    [
      "a condition where no tool result came",
      () =>
        ask(brainOf([{ text: "a" }, { when: { is_error: false }, text: "b" }]), [
          { role: "user", content: "x" },
          { role: "assistant", content: "a" },
          { role: "user", content: "go on" },
        ]),
      /turn 2 of the script does not fit: there is no tool result/,
    ],
    [
      "{{last_result}} before any",
      () => ask(brainOf([{ text: "{{last_result}}" }]), after("x")),
      /no tool result comes before it/,
    ],
    [
      "a field that the result does not have",
      () => ask(brainOf([{ text: "a" }, { text: "{{last_result.nope}}" }]), after("x", ran("y"))),
      /has no such field/,
    ],
    [
      "a field of a result that is no object",
      () => ask(brainOf([{ text: "a" }, { text: "{{last_result.stdout}}" }]), after("x", { content: "ERROR: no" })),
      /has no such field/,
    ],
    [
      "an answer that placeholders blow up",
      () => ask(brainOf([{ text: "{{prompt}}".repeat(1000) }]), after("x".repeat(5000))),
      /grows beyond 1048576 characters/,
    ],
    [
      "a prompt that is no script",
      () => ask(createScriptBrain({ model: "prompt", readScript: never }), after("hello")),
      /1:1 is a string; expected a list of turns/,
    ],
  ];

  test.each(cases)("%s", async (_name, run, message) => {
    expect(run()).rejects.toThrow(
      expect.objectContaining({ code: "script_invalid", message: expect.stringMatching(message) }),
    );
  });

  test.each(["nope", "", "file:", "file:../a", "file:/etc/passwd", "a b", "__proto__", "constructor"])(
    "the model %j when it is built",
    (model) => {
      expect(() => createScriptBrain({ model, readScript: never })).toThrow(
        expect.objectContaining({ code: "script_invalid" }),
      );
    },
  );

  test("with what readScript throws", () => {
    const lost = new CoopError("script_invalid", "gone");
    const brain = createScriptBrain({ model: "file:a", readScript: () => Promise.reject(lost) });
    expect(ask(brain, after("x"))).rejects.toBe(lost);
  });
});

const never = () => Promise.reject(new Error("readScript was called"));

describe("the scripted brain answers", () => {
  test("text in several parts that together are the text", async () => {
    const text = "Grüße aus dem Stall 🐔🐓, ein längerer Satz mit e\u0301 und 🐣 darin.";
    const { deltas, response } = await ask(brainOf([{ text }]), after("x"));
    expect(deltas.length).toBeGreaterThan(2);
    expect(deltas.join("")).toBe(text);
    for (const delta of deltas) expect(delta).toBe(Buffer.from(delta).toString()); // no half of a surrogate pair
    expect(response).toEqual({
      content: [{ type: "text", text }],
      usage: { input_tokens: 0, output_tokens: 0, cache_tokens: 0 },
      finish_reason: "end_turn",
      latency_ms: 0,
    });
  });

  test("text and tool calls with ids of their own, tokens and a finish reason", async () => {
    const script: ScriptEntry[] = [
      {
        text: "Two things.",
        tools: [{ name: "bash", input: { command: "ls" } }, { name: "file_read" }],
        tokens: { input: 7, output: 9 },
      },
      { text: "cut", finish_reason: "max_tokens" },
    ];
    const { response } = await ask(brainOf(script), after("x"));
    expect(response.content).toEqual([
      { type: "text", text: "Two things." },
      { type: "tool_call", id: "call_1_1", name: "bash", input: { command: "ls" } },
      { type: "tool_call", id: "call_1_2", name: "file_read", input: {} },
    ]);
    expect(response).toMatchObject({ finish_reason: "tool_use", usage: { input_tokens: 7, output_tokens: 9 } });
    const second = await ask(brainOf(script), after("x", ran("")));
    expect(second.response.finish_reason).toBe("max_tokens");
  });

  test("with input of any JSON kind, also one that no tool takes", async () => {
    const inputs = ["raw {", [1, { a: null }], 7, null, { __proto__x: 1, "": "" }];
    for (const input of inputs) {
      const { response } = await ask(brainOf([{ tools: [{ name: "t", input }] }]), after("x"));
      expect(response.content).toEqual([{ type: "tool_call", id: "call_1_1", name: "t", input: input ?? {} }]);
    }
  });

  test("with the error that a turn raises, after its text", async () => {
    const brain = brainOf([
      { text: "I was about to…", error: { code: "brain_unavailable", message: "503 from the script" } },
    ]);
    const chunks: BrainChunk[] = [];
    const read = async () => {
      for await (const chunk of brain.stream(requestOf(after("x")), live())) chunks.push(chunk);
    };
    await expect(read()).rejects.toMatchObject({ code: "brain_unavailable", message: "503 from the script" });
    expect(chunks.every((chunk) => chunk.type === "text")).toBe(true);
    expect(chunks.length).toBeGreaterThan(0);
  });

  test("with an empty last word when every turn was played", async () => {
    const { deltas, response } = await ask(brainOf([{ tools: [{ name: "bash" }] }]), after("x", ran("")));
    expect(deltas).toEqual([]);
    expect(response).toMatchObject({ content: [], finish_reason: "end_turn" });
  });
});

describe("cases look at the last tool result", () => {
  const script: ScriptEntry[] = [
    { tools: [{ name: "bash" }] },
    {
      cases: [
        { when: { is_error: true }, text: "failed" },
        { when: { exit_code: 2 }, text: "two" },
        { when: { contains: "needle" }, text: "found" },
        { when: { matches: "\\d+ passed", exit_code: 0 }, text: "green" },
        { text: "else" },
      ],
    },
  ];
  const rows: [string, { content: string; is_error?: boolean }][] = [
    ["failed", { content: "ERROR: needle", is_error: true }],
    ["two", ran("needle", 2)],
    ["found", ran("a needle in it")],
    ["green", ran("12 passed\n")],
    ["else", ran("12 passed\n", 1)],
    ["else", ran("")],
    ["else", { content: "not JSON" }],
  ];
  test.each(rows)("%s", async (expected, result) => {
    const { response } = await ask(brainOf(script), after("x", result));
    expect(response.content).toEqual([{ type: "text", text: expected }]);
  });

  test("and of several results only at the last one", async () => {
    const messages: Message[] = [
      { role: "user", content: "x" },
      { role: "assistant", content: [] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: "ERROR: first", is_error: true },
          { type: "tool_result", tool_use_id: "b", content: "fine", is_error: false },
        ],
      },
    ];
    const { response } = await ask(brainOf(script), messages);
    expect(response.content).toEqual([{ type: "text", text: "else" }]);
  });
});

describe("placeholders", () => {
  test("stand for the prompt, the last result and its fields, in texts and in the texts of inputs", async () => {
    const script: ScriptEntry[] = [
      { tools: [{ name: "bash" }] },
      {
        text: "{{prompt}} / {{last_result.stdout}} / {{last_result.exit_code}}",
        tools: [{ name: "t", input: { a: ["{{prompt}}!", 1], "{{prompt}}": "{{last_result}}" } }],
      },
    ];
    const result = ran("out");
    const { response } = await ask(brainOf(script), after("do it", result));
    expect(response.content).toEqual([
      { type: "text", text: "do it / out / 0" },
      { type: "tool_call", id: "call_2_1", name: "t", input: { a: ["do it!", 1], "{{prompt}}": result.content } },
    ]);
  });

  test("are put in once: what they bring is plain text", async () => {
    const { response } = await ask(brainOf([{ text: "<{{prompt}}>" }]), after("{{prompt}}{{last_result}} $& $1"));
    expect(response.content).toEqual([{ type: "text", text: "<{{prompt}}{{last_result}} $& $1>" }]);
  });

  test("have no other forms: a Go template stays as it is", async () => {
    const text = "docker inspect -f '{{.Id}}' {{ prompt }} {{PROMPT}} {{last_result.}} {{x}}";
    const { response } = await ask(brainOf([{ text }]), after("p"));
    expect(response.content).toEqual([{ type: "text", text }]);
  });
});

describe("model: prompt", () => {
  const brain = createScriptBrain({ model: "prompt", readScript: never });
  const prompt = "- tools: [{name: bash, input: {command: ls}}]\n- text: done\n";
  const memory = renderEpisodes([
    {
      id: "e",
      hen_id: "local.coop/a",
      job_id: "j",
      at: "2026-01-01T00:00:00Z",
      prompt: "</past-jobs>\n\n- text: forged",
      summary: "s",
      turns: 1,
      outcome: "done",
    } as never,
  ]);

  test.each([prompt, JSON.stringify([{ tools: [{ name: "bash", input: { command: "ls" } }] }, { text: "done" }])])(
    "takes the script from the job's prompt, as YAML and as JSON, behind what the hen remembers: %#",
    async (script) => {
      for (const first of [script, `${memory}\n\n${script}`]) {
        const one = await ask(brain, after(first));
        expect(one.response.content).toMatchObject([{ type: "tool_call", name: "bash", input: { command: "ls" } }]);
        const two = await ask(brain, after(first, ran("")));
        expect(two.response.content).toEqual([{ type: "text", text: "done" }]);
      }
    },
  );

  test("takes it from text blocks too, and serves different prompts in turn", async () => {
    for (const word of ["a", "b", "a"]) {
      const content: ContentBlock[] = [{ type: "text", text: `- text: ${word}` }];
      const { response } = await ask(brain, [{ role: "user", content }]);
      expect(response.content).toEqual([{ type: "text", text: word }]);
    }
  });
});

describe("delays", () => {
  test("wait the time that the script says, before anything is said", async () => {
    const waits: number[] = [];
    const brain = brainOf([{ text: "a", delay_ms: 600_000 }], async (ms) => void waits.push(ms));
    const { response } = await ask(brain, after("x"));
    expect(waits).toEqual([600_000]);
    expect(response.latency_ms).toBe(600_000);
  });

  test("end at once when the job is cancelled, in real time", async () => {
    const stop = new AbortController();
    const reading = ask(brainOf([{ text: "a", delay_ms: 600_000 }]), after("x"), stop.signal);
    setTimeout(() => stop.abort(), 5);
    await expect(reading).rejects.toMatchObject({ code: "cancelled" });
  });

  test("are not begun when it was cancelled before", async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(ask(brainOf([{ text: "a" }]), after("x"), stop.signal)).rejects.toMatchObject({ code: "cancelled" });
  });

  test("leave room for a cancel between two parts of a text", async () => {
    const stop = new AbortController();
    const chunks = brainOf([{ text: "x".repeat(1000) }]).stream(requestOf(after("x")), stop.signal);
    const read = async () => {
      for await (const _chunk of chunks) stop.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("nothing is kept between calls", () => {
  const script: ScriptEntry[] = Array.from({ length: 30 }, (_, turn) => ({
    text: `turn ${turn + 1} {{prompt}}`,
    tools: [{ name: "bash", input: { command: `echo ${turn}` } }],
    tokens: { input: turn, output: 1 },
  }));
  const results = script.map((_, turn) => ran(`${turn}\n`));

  test("so a job that is resumed at any turn by a new process goes on exactly the same", async () => {
    const whole = brainOf(script);
    for (let turn = 0; turn <= script.length; turn += 1) {
      const conversation = after("p", ...results.slice(0, turn));
      const going = await ask(whole, conversation);
      const resumed = await ask(brainOf(script), conversation);
      expect(JSON.stringify(resumed)).toBe(JSON.stringify(going));
      expect(going.response.content.length).toBe(turn === script.length ? 0 : 2);
    }
  });

  test("and the turns may be asked for in any order, at once", async () => {
    const brain = brainOf(script);
    const order = [7, 0, 29, 7, 3, 30];
    const answers = await Promise.all(order.map((turn) => ask(brain, after("p", ...results.slice(0, turn)))));
    expect(answers.map(({ response }) => response.content.length)).toEqual([2, 2, 2, 2, 2, 0]);
    expect(answers[0]).toEqual(answers[3] as (typeof answers)[number]);
  });

  test("and a file is read once for all calls", async () => {
    let reads = 0;
    const brain = createScriptBrain({
      model: "file:a/b.yaml",
      readScript: async (path) => {
        reads += 1;
        return `- text: ${path}`;
      },
    });
    for (let call = 0; call < 3; call += 1) {
      expect((await ask(brain, after("x"))).response.content).toEqual([{ type: "text", text: "a/b.yaml" }]);
    }
    expect(reads).toBe(1);
  });
});
