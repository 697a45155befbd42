import { describe, expect, test } from "bun:test";
import {
  type Brain,
  type BrainCalls,
  type BrainChunk,
  type BrainLink,
  type BrainRequest,
  type BrainResponse,
  type BrainSpec,
  type BrainUsage,
  CoopError,
  type ErrorCode,
  type Log,
  type PriorCall,
} from "coopd-core";
import { createModelBook } from "../prices/model-book.ts";
import { AnswerCache } from "./answer-cache.ts";
import { createWrapBrain } from "./wrap-brain.ts";

const LOG: Log = { debug() {}, info() {}, warn() {}, error() {} };
const REQUEST: BrainRequest = {
  system: "s",
  messages: [{ role: "user", content: "hi" }],
  tools: [],
  temperature: 0.7,
  max_tokens: 100,
  stop_seq: [],
};
const USAGE: BrainUsage = { input_tokens: 10, output_tokens: 2, cache_tokens: 0 };

function link(model: string, parts: Partial<BrainLink> = {}): BrainLink {
  return { provider_id: "none", provider: "openai-compat", base_url: "http://127.0.0.1:1/v1", model, ...parts };
}

function spec(first: BrainLink, parts: Partial<BrainSpec> = {}): BrainSpec {
  const rest = {
    capabilities_required: null,
    fallbacks: [],
    fallback_provider_ids: [],
    auto_route: false,
    cache: false,
  };
  return { ...first, ...rest, ...parts };
}

/** A model that does these things, one a call; the last again and again. */
type Act = {
  readonly says?: string;
  readonly fails?: ErrorCode;
  readonly reason?: string;
  readonly usage?: BrainUsage;
  readonly restarts?: number;
};

function stage(acts: Readonly<Record<string, readonly Act[]>>, locked: readonly string[] = []) {
  const opened: string[] = [];
  const asked: string[] = [];
  const told: string[] = [];
  const begun: Parameters<BrainCalls["begin"]>[0][] = [];
  let prior: PriorCall | undefined;
  let refusal: CoopError | undefined;
  const calls: BrainCalls = {
    prior: () => prior,
    async begin(plan) {
      if (refusal !== undefined) throw refusal;
      begun.push(plan);
      told.push(`begin ${plan.model}`);
    },
    failed: ({ plan, error, mayBeCharged }) => told.push(`failed ${plan.model} ${error.code} ${mayBeCharged}`),
  };
  const openLink = async ({ model }: BrainLink): Promise<Brain> => {
    opened.push(model);
    if (locked.includes(model)) throw new CoopError("secret_unavailable", `no key for ${model}`);
    let count = 0;
    return {
      label: model,
      async *stream(): AsyncGenerator<BrainChunk> {
        asked.push(model);
        const list = acts[model] ?? [];
        const act = list[Math.min(count, list.length - 1)] ?? {};
        count += 1;
        for (let again = 0; again < (act.restarts ?? 0); again += 1) yield { type: "restart" };
        if (act.says !== undefined) yield { type: "text", delta: act.says };
        if (act.fails !== undefined) throw new CoopError(act.fails, `${model} fails`);
        const content = [{ type: "text", text: act.says ?? "" }] as const;
        const response: BrainResponse = {
          content,
          usage: act.usage ?? USAGE,
          finish_reason: act.reason ?? "end_turn",
          latency_ms: 7,
        };
        yield { type: "final", response };
      },
    };
  };
  return {
    opened,
    asked,
    told,
    begun,
    calls,
    openLink,
    setPrior: (next: PriorCall) => {
      prior = next;
    },
    refuse: (error: CoopError) => {
      refusal = error;
    },
  };
}

const models = createModelBook({
  models: [{ provider: "openai-compat", model: "paid", usd_per_million: { input: 3, output: 15 }, context_window: 50 }],
});

function wrap(of: BrainSpec, on: ReturnType<typeof stage>, cache = new AnswerCache()): Brain {
  return createWrapBrain({ models, cache, log: LOG })(of, on.openLink, on.calls);
}

async function ask(brain: Brain, request = REQUEST) {
  const kinds: string[] = [];
  let response: BrainResponse | undefined;
  for await (const chunk of brain.stream(request, new AbortController().signal)) {
    kinds.push(chunk.type);
    if (chunk.type === "final") response = chunk.response;
  }
  return { kinds, response };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "answered",
    (error: CoopError) => error.code,
  );

describe("falling over", () => {
  const chain = spec(link("a"), { fallbacks: [link("b"), link("c")] });

  test.each([
    "brain_auth",
    "brain_bad_request",
    "brain_refused",
    "brain_context_too_long",
    "brain_unsupported",
  ] as const)("%s is the farmer's to see: nobody else is asked", async (code) => {
    const on = stage({ a: [{ fails: code }], b: [{ says: "hello" }] });
    expect(await codeOf(ask(wrap(chain, on)))).toBe(code);
    expect([on.opened, on.told]).toEqual([["a"], ["begin a", `failed a ${code} ${code === "brain_refused"}`]]);
  });

  test("a ceiling is one of the whole job: no cheaper link is asked for it", async () => {
    const on = stage({ a: [{ says: "hello" }], b: [{ says: "hello" }] });
    on.refuse(new CoopError("limit_cost", "over"));
    expect(await codeOf(ask(wrap(chain, on)))).toBe("limit_cost");
    expect([on.opened, on.asked, on.told]).toEqual([["a"], [], []]);
  });

  test("an abort ends it, whatever error the model makes of it", async () => {
    const on = stage({ a: [{ says: "x", fails: "brain_unavailable" }], b: [{ says: "hello" }] });
    const stop = new AbortController();
    const stream = wrap(chain, on).stream(REQUEST, stop.signal)[Symbol.asyncIterator]();
    await stream.next();
    stop.abort();
    expect(await codeOf(stream.next())).toBe("brain_unavailable");
    expect(on.asked).toEqual(["a"]);
  });

  test.each(["brain_unavailable", "brain_overloaded", "brain_rate_limited", "brain_answer_invalid"] as const)(
    "%s has the next link asked, and links behind it are not even opened (weaknesses F5)",
    async (code) => {
      const on = stage({ a: [{ fails: code }], b: [{ says: "hello" }] }, ["c"]);
      const { response } = await ask(wrap(chain, on));
      expect(response?.call).toEqual({ provider: "openai-compat", model: "b", usd_micros: null });
      expect(on.opened).toEqual(["a", "b"]);
      expect(on.told).toHaveLength(3);
    },
  );

  test("a key that is locked away has the next link asked, and is tried again at the next call", async () => {
    const on = stage({ b: [{ says: "hello" }] }, ["a"]);
    const brain = wrap(chain, on);
    await ask(brain);
    await ask(brain);
    expect([on.opened, on.told]).toEqual([
      ["a", "b", "a"],
      ["begin b", "begin b"],
    ]);
  });

  test("when all fail the first link's error comes out, so that a hen whose key is locked waits for it", async () => {
    const failing = { fails: "brain_unavailable" } as const;
    expect(await codeOf(ask(wrap(chain, stage({ b: [failing], c: [failing] }, ["a"]))))).toBe("secret_unavailable");
    expect(await codeOf(ask(wrap(chain, stage({ a: [{ fails: "brain_overloaded" }], c: [failing] }, ["b"]))))).toBe(
      "brain_overloaded",
    );
  });

  test("what a link had said before it broke off is void, and watchers are told so; it may be charged", async () => {
    const on = stage({ a: [{ says: "hal", fails: "brain_overloaded" }], b: [{ says: "hello" }] });
    const { kinds, response } = await ask(wrap(chain, on));
    expect(kinds).toEqual(["text", "restart", "text", "final"]);
    expect(response?.content).toEqual([{ type: "text", text: "hello" }]);
    expect(on.told[1]).toBe("failed a brain_overloaded true");
  });

  test("a server that had too much to do before it said a word charges nothing; one that broke off may", async () => {
    const on = stage({ a: [{ fails: "brain_overloaded" }], b: [{ fails: "brain_unavailable" }], c: [{ says: "x" }] });
    await ask(wrap(chain, on));
    expect(on.told.filter((line) => line.startsWith("failed"))).toEqual([
      "failed a brain_overloaded false",
      "failed b brain_unavailable true",
    ]);
  });
});

describe("a model that could not answer", () => {
  const chain = spec(link("a"), { fallbacks: [link("b")] });

  test("is left out of the job's next turns for a minute, and is asked again then, or when no other answers", async () => {
    let nowMs = 0;
    const parts = { models, cache: new AnswerCache(), log: LOG, nowMs: () => nowMs };
    const on = stage({
      a: [{ fails: "brain_overloaded" }, { says: "back" }],
      b: [{ says: "x" }, { says: "y" }, { fails: "brain_unavailable" }],
    });
    const brain = createWrapBrain(parts)(chain, on.openLink, on.calls);
    await ask(brain);
    nowMs = 59_999;
    await ask(brain);
    expect(on.asked).toEqual(["a", "b", "b"]);
    expect((await ask(brain)).response?.content).toEqual([{ type: "text", text: "back" }]);
    expect(on.asked).toEqual(["a", "b", "b", "b", "a"]);
    nowMs = 60_000;
    await ask(brain);
    expect(on.asked.at(-1)).toBe("a");
  });
});

describe("metering", () => {
  test("the worst case is reserved before the model is asked, and what the answer cost stands on it", async () => {
    const on = stage({ paid: [{ says: "hello" }] });
    const { response } = await ask(wrap(spec(link("paid")), on));
    const bytes = Buffer.byteLength(JSON.stringify(REQUEST));
    expect(on.begun).toEqual([
      {
        provider: "openai-compat",
        model: "paid",
        request_bytes: bytes,
        worst: { input_tokens: 50, output_tokens: 100, usd_micros: 50 * 3 + 1_500 },
      },
    ]);
    expect(response?.call).toEqual({ provider: "openai-compat", model: "paid", usd_micros: 60 });
  });

  test("an answer that the adapter asks for again is another call, which needs room of its own", async () => {
    const on = stage({ paid: [{ says: "hello", restarts: 2 }] });
    const { kinds, response } = await ask(wrap(spec(link("paid")), on));
    const cut = "failed paid brain_unavailable true";
    expect(on.told).toEqual(["begin paid", cut, "begin paid", cut, "begin paid"]);
    expect(kinds).toEqual(["restart", "restart", "text", "final"]);
    expect(response?.call?.usd_micros).toBe(60);
  });

  test("a ceiling that leaves no room to ask again ends the call, and the one that broke off is told once", async () => {
    const on = stage({ paid: [{ says: "never", restarts: 1 }] });
    const begin = on.calls.begin;
    let count = 0;
    const calls = {
      ...on.calls,
      begin: (plan: Parameters<BrainCalls["begin"]>[0]) => {
        count += 1;
        return count === 1 ? begin(plan) : Promise.reject(new CoopError("limit_cost", "over"));
      },
    };
    const brain = createWrapBrain({ models, cache: new AnswerCache(), log: LOG })(
      spec(link("paid")),
      on.openLink,
      calls,
    );
    expect(await codeOf(ask(brain))).toBe("limit_cost");
    expect(on.told).toEqual(["begin paid", "failed paid brain_unavailable true"]);
  });

  test("an earlier count narrows it only where the same model made it", async () => {
    const bytes = Buffer.byteLength(JSON.stringify(REQUEST));
    const known = { provider: "openai-compat", request_bytes: bytes - 10, input_tokens: 20 } as const;
    for (const [model, expected] of [
      ["free", 30],
      ["other", bytes],
    ] as const) {
      const on = stage({ free: [{ says: "hello" }] });
      on.setPrior({ ...known, model });
      await ask(wrap(spec(link("free")), on));
      expect(on.begun[0]?.worst).toEqual({ input_tokens: expected, output_tokens: 100, usd_micros: null });
    }
  });

  test("what a server did not count is bounded by what was sent and what came back", async () => {
    const none = { input_tokens: 0, output_tokens: 0, cache_tokens: 0, unreported: true } as const;
    const on = stage({ paid: [{ says: "hello", usage: none }] });
    const { response } = await ask(wrap(spec(link("paid")), on));
    const output = Buffer.byteLength(JSON.stringify([{ type: "text", text: "hello" }]));
    expect(response?.call).toEqual({
      provider: "openai-compat",
      model: "paid",
      usd_micros: null,
      at_most: { tokens: 50 + output, usd_micros: 150 + output * 15 },
    });
  });

  test("a script costs nothing, which is known", async () => {
    const on = stage({ demo: [{ says: "hello" }] });
    const { response } = await ask(wrap(spec(link("demo", { provider: "script", base_url: null })), on));
    expect(response?.call?.usd_micros).toBe(0);
  });
});

describe("the cache", () => {
  const cached = spec(link("a"), { cache: true });

  test("nothing is kept where it is not asked for, and nothing that was cut or refused", async () => {
    const on = stage({ a: [{ says: "x" }] });
    const plain = wrap(spec(link("a")), on);
    await ask(plain);
    await ask(plain);
    expect(on.asked).toHaveLength(2);
    for (const reason of ["max_tokens", "refusal", "pause_turn"]) {
      const cut = stage({ a: [{ says: "x", reason }] });
      const brain = wrap(cached, cut);
      await ask(brain);
      await ask(brain);
      expect(cut.asked).toHaveLength(2);
    }
  });

  test("another request, another model or another address is another question", async () => {
    const cache = new AnswerCache();
    const on = stage({ a: [{ says: "x" }], b: [{ says: "y" }] });
    await ask(wrap(cached, on, cache));
    await ask(wrap(cached, on, cache), { ...REQUEST, temperature: 0.8 });
    await ask(wrap(spec(link("b"), { cache: true }), on, cache));
    await ask(wrap(spec(link("a", { base_url: "http://127.0.0.1:2/v1" }), { cache: true }), on, cache));
    expect(on.asked).toEqual(["a", "a", "b", "a"]);
  });

  test("the same question of another hen is answered at once: nobody is asked, nothing is reserved or paid", async () => {
    const cache = new AnswerCache();
    const first = stage({ a: [{ says: "x" }] });
    const { response } = await ask(wrap(cached, first, cache));
    const second = stage({ a: [{ says: "never" }] });
    const again = await ask(wrap(cached, second, cache));
    expect(again.response).toEqual({
      content: response?.content ?? [],
      finish_reason: "end_turn",
      usage: { input_tokens: 0, output_tokens: 0, cache_tokens: 0 },
      latency_ms: 0,
      call: { provider: "openai-compat", model: "a", usd_micros: 0, cached: true },
    });
    expect([second.opened, second.told]).toEqual([[], []]);
  });
});
