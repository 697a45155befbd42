import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HenUsageView, Job, JournalEntry, UsageReport } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";
import { modelHen, openTestModels, PRICES } from "../testing/model-server.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "coopd-spend-"));
  writeFileSync(join(dataDir, "prices.json"), PRICES);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const open = () => openDaemonUnderTest({ COOP_JOBS_AT_ONCE: "50" }, dataDir);
const run = async (daemon: DaemonUnderTest, hen: string, prompt = "do it") =>
  daemon.ended(await daemon.submit(hen, prompt));
const usageOf = async (daemon: DaemonUnderTest, hen: string) =>
  (await daemon.call("GET", `/hens/${encodeURIComponent(hen)}/usage`)).json as HenUsageView;
const report = async (daemon: DaemonUnderTest, query = "") =>
  (await daemon.call("GET", `/usage${query}`)).json as UsageReport;
const kinds = (journal: readonly JournalEntry[]) => journal.map(({ kind }) => kind);

/** A harmless call. */
const LOOK = { name: "bash", input: { command: "true" } };

describe("a ceiling", () => {
  test("that the first call could pass stops the job before anybody is asked, and says which it is", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "hello" }));
    for (const [limits, ceiling] of [
      ["{tokens: 4096}", "limits.tokens"],
      ["{cost_usd: 0.04}", "limits.cost_usd"],
      ["{day_tokens: 4096}", "limits.day_tokens"],
      ["{day_cost_usd: 0.04}", "limits.day_cost_usd"],
      ["{total_tokens: 4096}", "limits.total_tokens"],
      ["{total_cost_usd: 0.04}", "limits.total_cost_usd"],
    ] as const) {
      const hen = await daemon.hatch(modelHen(ceiling.replace(/\W|_/g, "-"), models.baseUrl, { limits }));
      const job = await run(daemon, hen);
      expect([job.status, job.error_code, job.error]).toEqual([
        "FAILED",
        "limit_cost",
        expect.stringContaining(ceiling),
      ]);
      expect(job.cost).toMatchObject({ usd_micros: 0, uncertain_tokens: 0 });
      expect(kinds(await daemon.journal(job.id))).toEqual(["opened", "settled"]);
    }
    expect(models.seen).toHaveLength(0);
  });

  test("of the farm holds for every hen from the next call on, over restarts, until it is taken away", async () => {
    using models = openTestModels(() => ({ text: "hello" }));
    let hen = "";
    {
      await using daemon = await open();
      expect((await daemon.call("PUT", "/farm/limits", { day_token: 5 })).status).toBe(422);
      expect((await daemon.call("PUT", "/farm/limits", { day_tokens: 0 })).status).toBe(422);
      expect((await daemon.call("PUT", "/farm/limits", { day_tokens: 4_096 })).json).toMatchObject({
        day_tokens: 4_096,
      });
      hen = await daemon.hatch(modelHen("held", models.baseUrl));
      expect((await run(daemon, hen)).error_code).toBe("limit_cost");
    }
    await using daemon = await open();
    expect((await daemon.call("GET", "/farm/limits")).json).toMatchObject({ day_tokens: 4_096, day_cost_usd: null });
    expect((await run(daemon, hen)).error).toContain("farm day_tokens");
    await daemon.call("PUT", "/farm/limits", { day_tokens: null, job_cost_usd: 0.04 });
    expect((await run(daemon, hen)).error).toContain("farm job_cost_usd");
    await daemon.call("PUT", "/farm/limits", { job_cost_usd: null });
    expect((await run(daemon, hen)).status).toBe("DONE");
  });

  test("that is met on the way leaves what the brain said so far, and is never passed", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "so far", tools: [LOOK], input: 1_000, output: 1_000 }));
    const hen = await daemon.hatch(modelHen("spender", models.baseUrl, { limits: "{cost_usd: 0.08, max_turns: 100}" }));
    const job = await run(daemon, hen);
    expect([job.status, job.error_code, job.result]).toEqual(["FAILED", "limit_cost", "so far"]);
    expect(models.seen.length).toBeGreaterThan(1);
    expect(job.cost.usd_micros).toBe(models.seen.length * 11_000);
    expect(job.cost.usd_micros).toBeLessThanOrEqual(80_000);
  });

  test("on cost does not count what has no known price, and one on tokens does", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "hello" }));
    const free = { model: "mystery" };
    const dear = await daemon.hatch(modelHen("dear", models.baseUrl, { ...free, limits: "{cost_usd: 0.000001}" }));
    const job = await run(daemon, dear);
    expect([job.status, job.cost.usd_micros, job.cost.unpriced_tokens]).toEqual(["DONE", null, 15]);
    const long = await daemon.hatch(modelHen("long", models.baseUrl, { ...free, limits: "{tokens: 4000}" }));
    expect((await run(daemon, long)).error_code).toBe("limit_cost");
  });

  test("of a job counts what it hands on, however often", async () => {
    await using daemon = await open();
    using models = openTestModels(({ messages }) => {
      const isChild = JSON.stringify(messages[1] ?? messages[0]).includes("child");
      if (isChild) return { text: "done", input: 2_000, output: 10 };
      return { input: 500, tools: [{ name: "delegate", input: { hen: "local.coop/worker", prompt: "child" } }] };
    });
    await daemon.hatch(modelHen("worker", models.baseUrl));
    const boss = await daemon.hatch(modelHen("boss", models.baseUrl, { limits: "{tokens: 14000, max_turns: 100}" }));
    const job = await run(daemon, boss);
    expect([job.status, job.error_code]).toEqual(["FAILED", "limit_cost"]);
    expect(job.cost.handed_tokens).toBeGreaterThanOrEqual(2_010);
    expect(job.usage.input_tokens + job.usage.output_tokens + job.cost.handed_tokens).toBeLessThanOrEqual(14_000);
    const children = (await daemon.journal(job.id)).filter((entry) => entry.kind === "child.result");
    expect(children.length * 2_010).toBe(job.cost.handed_tokens);
  });
});

describe("jobs that run at once", () => {
  test("never pass a ceiling together: what is reserved keeps others waiting, and all of them end", async () => {
    await using daemon = await open();
    const gate = Promise.withResolvers<void>();
    using models = openTestModels(() => ({ text: "hello", input: 100, output: 100, after: gate.promise }));
    await daemon.call("PUT", "/farm/limits", { day_tokens: 20_000 });
    const hens = await Promise.all(
      Array.from({ length: 8 }, (_, n) => daemon.hatch(modelHen(`hen-${n}`, models.baseUrl))),
    );
    const ids = await Promise.all(hens.map((hen) => daemon.submit(hen, "do it")));
    while (models.underWay().now < 3) await Bun.sleep(5);
    gate.resolve();
    const jobs = await Promise.all(ids.map((id) => daemon.ended(id)));
    expect(jobs.map(({ status }) => status)).toEqual(jobs.map(() => "DONE"));
    expect(models.underWay().most).toBeLessThanOrEqual(3); // each may take some 5,500 tokens
    const { total } = await report(daemon);
    expect(total.input_tokens + total.output_tokens).toBe(8 * 200);
  });

  test("are stopped one by one when the ceiling is really spent", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "hello", input: 1_000, output: 4_000 }));
    await daemon.call("PUT", "/farm/limits", { day_tokens: 20_000 });
    const hens = await Promise.all(
      Array.from({ length: 8 }, (_, n) => daemon.hatch(modelHen(`hen-${n}`, models.baseUrl))),
    );
    const jobs = await Promise.all(hens.map((hen) => run(daemon, hen)));
    const done = jobs.filter(({ status }) => status === "DONE").length;
    expect(done).toBeGreaterThan(0);
    expect(done * 5_000).toBeLessThanOrEqual(20_000);
    expect(jobs.filter(({ error_code }) => error_code === "limit_cost")).toHaveLength(8 - done);
  });

  test("a job that waits for room can be cancelled, and one that waits when the daemon stops goes on after it", async () => {
    const gate = Promise.withResolvers<void>();
    using models = openTestModels(() => ({ text: "hello", after: gate.promise }));
    let [first, second, third] = ["", "", ""];
    {
      await using daemon = await open();
      await daemon.call("PUT", "/farm/limits", { day_tokens: 8_000 });
      const hens = await Promise.all(["a", "b", "c"].map((name) => daemon.hatch(modelHen(name, models.baseUrl))));
      first = await daemon.submit(hens[0] ?? "", "do it");
      while (models.underWay().now < 1) await Bun.sleep(5);
      second = await daemon.submit(hens[1] ?? "", "do it");
      third = await daemon.submit(hens[2] ?? "", "do it");
      const isOpened = async (id: string) => kinds(await daemon.journal(id)).includes("opened");
      while (!((await isOpened(second)) && (await isOpened(third)))) await Bun.sleep(5);
      const cancelled = (await daemon.call("POST", `/jobs/${second}/cancel`)).json as Job;
      expect([cancelled.status, cancelled.cost.uncertain_tokens]).toEqual(["CANCELLED", 0]);
    }
    gate.resolve();
    await using daemon = await open();
    // The call that was cut off may have been charged: it keeps its worst case, and there is no room for another that day.
    const cut = (await daemon.call("GET", `/jobs/${first}`)).json as Job;
    expect(cut.cost.uncertain_tokens).toBeGreaterThan(4_096);
    expect((await daemon.ended(third)).error_code).toBe("limit_cost");
    await daemon.call("PUT", "/farm/limits", { day_tokens: null });
  }, 20_000);
});

describe("what calls cost", () => {
  test("stands in the journal turn by turn, and is the same in job, hen, day and model", async () => {
    await using daemon = await open();
    using models = openTestModels((_, count) =>
      count < 2 ? { tools: [LOOK], input: 100, output: 7 } : { text: "hello", input: 300, output: 9 },
    );
    const hen = await daemon.hatch(modelHen("payer", models.baseUrl));
    const job = await run(daemon, hen);
    const answers = (await daemon.journal(job.id)).filter((entry) => entry.kind === "brain.response");
    expect(answers.map((entry) => entry.kind === "brain.response" && entry.call?.usd_micros)).toEqual([170, 170, 390]);
    expect(job.cost).toMatchObject({ usd_micros: 730, known_usd_micros: 730, unpriced_tokens: 0 });
    expect(job.grain_spent).toBe(0);
    const usage = await usageOf(daemon, hen);
    expect([usage.spend.calls, usage.spend.cost.usd_micros, usage.today.cost.usd_micros]).toEqual([3, 730, 730]);
    for (const by of ["day", "hen", "model"]) {
      const { rows, total } = await report(daemon, `?by=${by}`);
      expect(rows.map(({ cost }) => cost.usd_micros)).toEqual([730]);
      expect(total).toMatchObject({ calls: 3, input_tokens: 500, output_tokens: 23 });
    }
    expect((await report(daemon, "?by=model")).rows[0]?.model).toBe("openai-compat paid");
  });

  test("narrows the next worst case to what was added since the last count", async () => {
    await using daemon = await open();
    using models = openTestModels((_, count) => (count < 1 ? { tools: [LOOK], input: 50 } : { text: "hello" }));
    const job = await run(daemon, await daemon.hatch(modelHen("narrow", models.baseUrl)));
    const [first, second] = (await daemon.journal(job.id)).flatMap((entry) =>
      entry.kind === "brain.request" && entry.call !== undefined ? [entry.call] : [],
    );
    expect(first?.worst.input_tokens).toBe(first?.request_bytes);
    expect(second?.worst.input_tokens).toBe(50 + (second?.request_bytes ?? 0) - (first?.request_bytes ?? 0));
  });

  test("is never said to be nothing where a server does not count", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "hello", isUncounted: true }));
    const { cost } = await run(daemon, await daemon.hatch(modelHen("uncounted", models.baseUrl)));
    expect(cost.uncertain_tokens).toBeGreaterThan(1_000);
    expect(cost.uncertain_usd_micros).toBeGreaterThan(1_000);
  });

  test("is nothing, and known, for a script", async () => {
    await using daemon = await open();
    const job = await run(daemon, await daemon.hatch(promptHen("script")), "- text: hello\n");
    expect(job.cost.usd_micros).toBe(0);
  });

  test("is refused to be read from prices.json that is not one: the daemon does not start", async () => {
    writeFileSync(join(dataDir, "prices.json"), '{"models": [{"provider": "openai"}]}');
    expect(open()).rejects.toMatchObject({ code: "bad_request", message: expect.stringContaining("prices.json") });
  });

  test.each([
    "?by=week",
    "?since=yesterday",
    "?until=2026-02-30",
    "?since=2020-01-01&until=2026-01-01",
    "?since=2026-02-01&until=2026-01-01",
  ])("is not told for %j", async (query) => {
    await using daemon = await open();
    const { status, json } = await daemon.call("GET", `/usage${query}`);
    expect([status, (json as { code: string }).code]).toEqual([400, "bad_query"]);
  });
});

describe("routing, fallback, cache, capabilities", () => {
  test("the model is chosen once a job by its prompt, and the choice stands in the journal", async () => {
    await using daemon = await open();
    const manifest = (name: string) =>
      `spec_version: coop/v1\nname: ${name}\nbrain: {provider_id: none, provider: anthropic, model: any, auto_route: true}\n`;
    for (const [name, prompt, tier] of [
      ["big", "refactor it", "large"],
      ["tiny", "say hi", "small"],
    ] as const) {
      const id = await daemon.submit(await daemon.hatch(manifest(name)), prompt);
      const opened = async () => (await daemon.journal(id)).find((entry) => entry.kind === "opened");
      while ((await opened()) === undefined) await Bun.sleep(5);
      const fact = await opened();
      expect(fact?.kind === "opened" && fact.route?.tier).toBe(tier);
      expect(fact?.kind === "opened" && fact.model).toBe(`anthropic ${fact?.kind === "opened" && fact.route?.model}`);
    }
  });

  test("a link that lacks its key falls over to the next", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "from b" }));
    const manifest = `spec_version: coop/v1
name: chained
brain:
  {provider_id: "vault:none", provider: openai-compat, base_url: "${models.baseUrl}", model: a,
  fallbacks: [{provider_id: none, provider: openai-compat, base_url: "${models.baseUrl}", model: paid}]}
`;
    const job = await run(daemon, await daemon.hatch(manifest));
    expect([job.status, job.result, job.cost.usd_micros]).toEqual(["DONE", "from b", 60]);
    expect(models.seen.map(({ model }) => model)).toEqual(["paid"]);
  });

  test("a refusal of the server stands in the journal, and no other link is asked", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ status: 401 }));
    const fallback = `fallbacks: [{provider_id: none, provider: openai-compat, base_url: "${models.baseUrl}", model: b}]`;
    const job = await run(daemon, await daemon.hatch(modelHen("refused", models.baseUrl, { brain: fallback })));
    const failed = (await daemon.journal(job.id)).filter((entry) => entry.kind === "brain.failed");
    expect(failed.map((entry) => entry.kind === "brain.failed" && entry.model)).toEqual(["paid"]);
    expect([job.status, models.seen.length]).toEqual(["FAILED", 1]);
  });

  test("an answer of the cache is given to any hen that asks the same, and costs nothing", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "hello" }));
    const twins = await Promise.all(
      ["one", "two"].map((name) =>
        daemon.hatch(modelHen(name, models.baseUrl, { brain: "cache: true", extra: "memory: {}\n" })),
      ),
    );
    const first = await run(daemon, twins[0] ?? "");
    const second = await run(daemon, twins[1] ?? "");
    expect([first.result, second.result, models.seen.length]).toEqual(["hello", "hello", 1]);
    expect([first.cost.usd_micros, second.cost.usd_micros]).toEqual([60, 0]);
    expect(kinds(await daemon.journal(second.id))).toEqual(["opened", "brain.response", "settled"]);
  });

  test("a hen whose model is known not to do what it needs is not hatched, and what nobody knows is said", async () => {
    await using daemon = await open();
    writeFileSync(join(dataDir, "prices.json"), PRICES);
    const needs = "capabilities_required: {context_window: 500000}";
    const known = `spec_version: coop/v1\nname: small\nbrain: {provider_id: none, provider: anthropic, model: claude-haiku-4-5, ${needs}}\n`;
    const created = await daemon.call("POST", "/hens", known);
    expect(created.status).toBe(201);
    const hatched = await daemon.call("POST", "/hens/local.coop%2Fsmall/hatch");
    expect(hatched.json).toMatchObject({ code: "brain_unsupported", error: expect.stringContaining("500000 tokens") });
    expect((await daemon.call("POST", "/hens/local.coop%2Fsmall/jobs", { prompt: "x" })).status).toBe(400);
    const response = await fetch(`${daemon.base}/api/v1/hens`, {
      method: "POST",
      body: modelHen("unknown", "http://127.0.0.1:1/v1", { brain: needs }),
    });
    expect(response.headers.get("x-coop-warning")).toContain("is not known");
    expect((await daemon.call("POST", "/hens/local.coop%2Funknown/hatch")).status).toBe(200);
  });
});

describe("testing a brain", () => {
  const ask = (daemon: DaemonUnderTest, hen: string) =>
    daemon.call("POST", `/hens/${encodeURIComponent(hen)}/brain/test`);

  test("says what the brain says when it does not answer, with the attempts, and refuses what has no brain", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ status: 401 }));
    const { status, json } = await ask(daemon, await daemon.hatch(modelHen("wrong", models.baseUrl)));
    expect(status).toBeGreaterThanOrEqual(400);
    expect((json as { details: { attempts: unknown[] } }).details.attempts).toHaveLength(1);
    expect((await ask(daemon, "local.coop/nobody")).status).toBe(404);
    const codex = "spec_version: coop/v1\nname: term\nagent_kind: codex\nbrain: {provider_id: none, model: m}\n";
    await daemon.call("POST", "/hens", codex);
    expect((await ask(daemon, "local.coop/term")).json).toMatchObject({ code: "brain_unsupported" });
  });

  test("is held to the ceilings of hen and farm", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "ok" }));
    const hen = await daemon.hatch(modelHen("poor", models.baseUrl, { limits: "{day_cost_usd: 0.001}" }));
    expect((await ask(daemon, hen)).json).toMatchObject({ code: "limit_cost" });
    expect(models.seen).toHaveLength(0);
  });

  test("tells who answered, how fast and at what price, and is counted in the hen's day but in no job", async () => {
    await using daemon = await open();
    using models = openTestModels(() => ({ text: "ok", input: 20, output: 2 }));
    const hen = await daemon.hatch(modelHen("fit", models.baseUrl, { brain: "cache: true" }));
    const { json } = await ask(daemon, hen);
    expect(json).toMatchObject({
      provider: "openai-compat",
      model: "paid",
      usd_micros: 40,
      usd_per_million: { input: 1, output: 10 },
      attempts: [],
    });
    await ask(daemon, hen);
    expect(models.seen).toHaveLength(2); // the cache would say nothing about the model
    const usage = await usageOf(daemon, hen);
    expect([usage.today.calls, usage.today.cost.usd_micros, usage.turns]).toEqual([2, 80, 0]);
  });
});
