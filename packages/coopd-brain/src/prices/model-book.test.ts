import { describe, expect, test } from "bun:test";
import type { BrainLink } from "coopd-core";
import { createModelBook } from "./model-book.ts";
import { parseOverrides, tableSchema } from "./model-table.ts";
import { SHIPPED_MODELS } from "./models.ts";

const at = (provider: BrainLink["provider"], model: string, base_url: string | null = null) => ({
  provider,
  model,
  base_url,
});

describe("prices.json is refused", () => {
  test.each([
    ["no JSON", "{", /cannot be used/],
    ["an unknown key", '{"modles": []}', /cannot be used/],
    [
      "a negative price",
      '{"models":[{"provider":"openai","model":"m","usd_per_million":{"input":-1,"output":1}}]}',
      /input/,
    ],
    ["half a price", '{"models":[{"provider":"openai","model":"m","usd_per_million":{"input":1}}]}', /output/],
    [
      "a price as text",
      '{"models":[{"provider":"openai","model":"m","usd_per_million":{"input":"1","output":1}}]}',
      /input/,
    ],
    ["a price for a script", '{"models":[{"provider":"script","model":"m"}]}', /provider/],
    ["a day that there is not", '{"as_of":"2026-02-30"}', /as_of/],
  ])("with %s", (_, text, message) => {
    expect(() => parseOverrides(text)).toThrow(
      expect.objectContaining({ code: "bad_request", message: expect.stringMatching(message) }),
    );
  });
});

describe("a price is unknown", () => {
  const book = createModelBook();

  test.each([
    at("anthropic", "claude-unheard-of"),
    at("openai-compat", "gpt-5", "http://127.0.0.1:1/v1"),
    at("openai-compat", "claude-opus-5-5", "https://api.example.org/v1"),
    at("anthropic", "claude-opus-5-5", "https://proxy.example.org"),
    at("anthropic", "claude-opus-5-5-20261399x"),
  ])("for %j", (link) => {
    expect(book.facts(link)).toEqual({
      price: undefined,
      context_window: undefined,
      tool_use: undefined,
      vision: undefined,
    });
  });
});

test("the shipped table is sound: dated, no model twice, and routing chooses models that it knows", () => {
  expect(tableSchema.parse(SHIPPED_MODELS)).toEqual(SHIPPED_MODELS);
  const names = SHIPPED_MODELS.models.map(({ provider, model }) => `${provider} ${model}`);
  expect(new Set(names).size).toBe(names.length);
  const book = createModelBook();
  for (const model of Object.values(book.routes)) expect(book.facts(at("anthropic", model)).price).toBeDefined();
  for (const { usd_per_million: price } of SHIPPED_MODELS.models) {
    expect(price?.input).toBeGreaterThan(0);
    expect(price?.output).toBeGreaterThanOrEqual(price?.input ?? 0);
    expect(price?.cache_read ?? 0).toBeLessThanOrEqual(price?.input ?? 0);
  }
});

test("a snapshot costs what its model does", () => {
  const book = createModelBook();
  const haiku = book.facts(at("anthropic", "claude-haiku-4-5")).price;
  expect(haiku).toMatchObject({ input: 1, output: 5 });
  expect(book.facts(at("anthropic", "claude-haiku-4-5-20251001")).price).toEqual(haiku);
  expect(book.facts(at("openai", "gpt-5-2025-08-07")).price?.input).toBe(1.25);
});

test("a farmer's row goes over the shipped one, field by field, and only where it says it is", () => {
  const book = createModelBook(
    parseOverrides(
      JSON.stringify({
        as_of: "2027-01-01",
        routes: { large: "claude-fable-5-1" },
        models: [
          { provider: "anthropic", model: "claude-haiku-4-5", usd_per_million: { input: 2, output: 6 } },
          { provider: "openai-compat", model: "qwen", usd_per_million: { input: 0, output: 0 }, tool_use: true },
          {
            provider: "openai-compat",
            model: "qwen",
            base_url: "https://paid.example.org/v1/",
            usd_per_million: { input: 9, output: 9 },
          },
        ],
      }),
    ),
  );
  expect(book.asOf).toBe("2027-01-01");
  expect(book.routes).toMatchObject({ large: "claude-fable-5-1", small: SHIPPED_MODELS.routes.small });
  expect(book.facts(at("anthropic", "claude-haiku-4-5"))).toMatchObject({
    price: { input: 2, output: 6 },
    context_window: 200_000,
  });
  expect(book.facts(at("openai-compat", "qwen", "http://127.0.0.1:1/v1"))).toMatchObject({
    price: { input: 0 },
    tool_use: true,
  });
  expect(book.facts(at("openai-compat", "qwen", "https://paid.example.org/v1")).price?.input).toBe(9);
  expect(book.facts(at("anthropic", "claude-haiku-4-5", "https://proxy.example.org")).price).toBeUndefined();
});

test("a script costs nothing and can do what it says", () => {
  expect(createModelBook().facts(at("script", "demo"))).toMatchObject({
    price: { input: 0, output: 0 },
    tool_use: true,
  });
});
