import { describe, expect, test } from "bun:test";
import { askWith, brainAt, messagesBrainAt, requestOf } from "./testing/model-server.ts";
import { ANTHROPIC_FIXTURES } from "./testing/wire/anthropic-fixtures.ts";
import { chatFixtures } from "./testing/wire/chat-fixtures.ts";
import { serveWire, type WireFixture } from "./testing/wire/serve-wire.ts";

const providers = [
  ["anthropic", ANTHROPIC_FIXTURES, "/v1/messages"],
  ["openai", chatFixtures("openai"), "/v1/chat/completions"],
  ["openai-compat", chatFixtures("openai-compat"), "/v1/chat/completions"],
] as const;

for (const [provider, fixtures, path] of providers) {
  describe(`${provider}: what comes over the wire is decoded`, () => {
    test("from at least 25 fixtures, each with a name of its own", () => {
      expect(fixtures.length).toBeGreaterThanOrEqual(25);
      expect(new Set(fixtures.map(({ name }) => name)).size).toBe(fixtures.length);
    });

    test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
      "%s",
      async (_name, fixture) => {
        await using server = await serveWire(fixture.answers);
        const baseUrl = `${server.origin}/v1`;
        const brain = provider === "anthropic" ? messagesBrainAt(baseUrl) : brainAt(baseUrl, { provider });
        await holds(brain, fixture);
        expect(server.asked.map((it) => it.path)).toEqual(Array(fixture.asked ?? 1).fill(path));
      },
      30_000,
    );
  });
}

async function holds(brain: Parameters<typeof askWith>[0], { request = {}, expected, answers }: WireFixture) {
  const asked = askWith(brain, requestOf(request));
  if ("code" in expected) {
    const error = await asked.then(
      () => undefined,
      (thrown) => thrown,
    );
    expect([error?.code, error?.message]).toEqual([expected.code, expected.message]);
    expect(error.next).toBeString();
    if (expected.isTimed === true) expect(Date.parse(error.details.reset_at)).toBeGreaterThan(Date.now());
    return;
  }
  const { response, text, thought } = await asked;
  expect(response.content).toEqual(expected.content as typeof response.content);
  expect(response.finish_reason).toBe(expected.finish_reason ?? "end_turn");
  if (expected.usage !== undefined) expect(response.usage).toEqual(expected.usage);
  expect(answers.length).toBeGreaterThan(0);
  const said = expected.content.map((block) => (block.type === "text" ? block.text : "")).join("");
  expect(text).toBe(expected.surfaced ?? said);
  expect(thought).toBe(expected.thought ?? "");
}
