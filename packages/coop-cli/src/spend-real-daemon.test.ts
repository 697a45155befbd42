import { afterAll, expect, test } from "bun:test";
import { openRealDaemon } from "./testing/real-daemon.ts";
import { runCoop, runCoopInTerminal } from "./testing/run-coop.ts";

const daemon = await openRealDaemon();
const models = openModels();
afterAll(async () => {
  await daemon.close();
  models.stop(true);
});

const coop = (...args: string[]) => runCoop(args, { env: { COOP_API: daemon.url } });
const onTerminal = (...args: string[]) => runCoopInTerminal(args, { env: { COOP_API: daemon.url }, columns: 120 });

/** A model server that says one word, or, to the model `locked`, that the key is wrong. */
function openModels() {
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { model } = (await request.json()) as { model: string };
      if (model === "locked") return Response.json({ error: { message: "no such key" } }, { status: 401 });
      const message = { role: "assistant", content: "hello" };
      return Response.json({
        id: "c",
        object: "chat.completion",
        choices: [{ index: 0, message, finish_reason: "stop" }],
        usage: { prompt_tokens: 30, completion_tokens: 4 },
      });
    },
  });
}

async function hatch(name: string, model: string, limits = "{}"): Promise<string> {
  const brain = `{provider_id: none, provider: openai-compat, base_url: "http://127.0.0.1:${models.port}/v1", model: ${model}}`;
  const stdin = `spec_version: coop/v1\nname: ${name}\nbrain: ${brain}\nlimits: ${limits}\nnetwork: {policy: open}\n`;
  const created = await runCoop(["hen", "create", "-"], { stdin, env: { COOP_API: daemon.url } });
  expect(created.exitCode).toBe(0);
  const hatched = await coop("hen", "hatch", `local.coop/${name}`);
  expect(hatched.exitCode).toBe(0);
  return `local.coop/${name}`;
}

test("a brain that does not answer ends with its code and the next step, and exit code 9", async () => {
  const { stderr, stdout, exitCode } = await coop("brain", "test", await hatch("locked", "locked"));
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 9 });
  expect(stderr).toMatch(/Error: brain_auth: .*401/);
  expect(stderr).toContain("next:");
  expect((await coop("brain", "test", "local.coop/nobody")).exitCode).toBe(4);
});

test("a ceiling that is no number, a day that is none and a group that is none are refused with exit code 2", async () => {
  for (const args of [
    ["farm", "limits", "--day-tokens", "1.5"],
    ["farm", "limits", "--day-cost-usd", "cheap"],
    ["farm", "limits", "--day-cost-usd", "0"],
    ["usage", "--by", "week"],
    ["usage", "--since", "yesterday"],
  ]) {
    expect({ args, exitCode: (await coop(...args)).exitCode }).toEqual({ args, exitCode: 2 });
  }
});

test("brain test, job, hen and usage show the same call, and an unknown price as unknown", async () => {
  const hen = await hatch("free", "mystery");
  const tested = await onTerminal("brain", "test", hen);
  expect(tested.text).toMatch(/brain +mystery \(openai-compat\) answers/);
  expect(tested.text).toMatch(/tokens +30 in, 4 out/);
  expect(tested.text).toMatch(/price +unknown/);
  const job = JSON.parse((await coop("job", "run", hen, "say hi", "--wait")).stdout);
  expect(job.cost).toMatchObject({ usd_micros: null, unpriced_tokens: 34 });
  expect((await onTerminal("job", "get", job.id)).text).toMatch(/cost +unknown \(34 tokens have no known price\)/);
  expect((await onTerminal("job", "logs", job.id)).text).toContain("cost unknown");
  expect((await onTerminal("hen", "get", hen)).text).toMatch(/cost +unknown \(68 tokens have no known price\)/);
  const usage = JSON.parse((await coop("usage", "--by", "model")).stdout);
  expect(usage.rows.map((row: { model: string; calls: number }) => [row.model, row.calls])).toEqual([
    ["openai-compat mystery", 2],
  ]);
  const shown = await onTerminal("usage", "--by", "hen");
  expect(shown.text).toMatch(/HEN +CALLS +TOKENS IN +CACHED +OUT +COST/);
  expect(shown.text).toMatch(/local\.coop\/free +2 +60 +0 +8 +\?/);
  expect(shown.text).toContain("2 calls, unknown");
});

test("the farm's ceilings are set, shown and taken away, and stop a job with the code limit_cost", async () => {
  const hen = await hatch("held", "mystery");
  expect(
    JSON.parse((await coop("farm", "limits", "--day-tokens", "100", "--job-cost-usd", "0.5")).stdout),
  ).toMatchObject({
    day_tokens: 100,
    job_cost_usd: 0.5,
    day_cost_usd: null,
  });
  const { stderr, exitCode } = await coop("job", "run", hen, "say hi", "--wait");
  expect({ exitCode, names: stderr.includes("farm day_tokens") }).toEqual({ exitCode: 10, names: true });
  expect((await onTerminal("farm", "limits")).text).toMatch(/day-tokens +100 tokens/);
  await coop("farm", "limits", "--day-tokens", "none", "--job-cost-usd", "none");
  expect((await coop("job", "run", hen, "say hi", "--wait")).exitCode).toBe(0);
});
