import { expect, test } from "bun:test";
import type { BrainSpec, Manifest } from "../manifest/manifest.ts";
import { manifestWith, noModels } from "../testing/hens.ts";
import { judgeCapabilities, requireCapabilities } from "./capabilities.ts";

const NEEDS = { context_window: 100_000, tool_use: true, vision: false };
const MODELS = noModels({
  "anthropic big": { context_window: 200_000, tool_use: true },
  "anthropic small": { context_window: 8_000, tool_use: true },
  "anthropic dumb": { context_window: 200_000, tool_use: false },
  "anthropic small-1": { context_window: 8_000, tool_use: true },
  "anthropic medium-1": { context_window: 200_000, tool_use: true },
  "anthropic large-1": { context_window: 200_000, tool_use: true },
});

function hen(model: string, parts: Partial<BrainSpec> = {}): Manifest {
  const manifest = manifestWith();
  const brain = { ...manifest.brain, provider: "anthropic" as const, model, capabilities_required: NEEDS, ...parts };
  return { ...manifest, brain };
}

test("a model that is known not to do what is required is refused, and the refusal says what", () => {
  expect(() => requireCapabilities(hen("small"), MODELS)).toThrow(
    /anthropic small is not one that reads 100000 tokens/,
  );
  expect(() => requireCapabilities(hen("dumb"), MODELS)).toThrow(/calls tools/);
});

test("every model that may answer is looked at: fallbacks, and those that routing chooses among", () => {
  const fallback = { provider_id: "none", provider: "anthropic", base_url: null, model: "small" } as const;
  expect(() => requireCapabilities(hen("big", { fallbacks: [fallback] }), MODELS)).toThrow(/anthropic small/);
  expect(() => requireCapabilities(hen("big", { auto_route: true }), MODELS)).toThrow(/small-1/);
});

test("what nobody knows is said, and does not refuse", () => {
  const { lacking, unknown } = judgeCapabilities(hen("mystery"), MODELS);
  expect(lacking).toEqual([]);
  expect(unknown).toEqual([
    "whether anthropic mystery reads 100000 tokens is not known",
    "whether anthropic mystery calls tools is not known",
  ]);
  expect(() => requireCapabilities(hen("mystery"), MODELS)).not.toThrow();
});

test("a model that can is taken, and a hen that asks nothing or has no brain here is not looked at", () => {
  expect(judgeCapabilities(hen("big"), MODELS)).toEqual({ lacking: [], unknown: [] });
  expect(judgeCapabilities(hen("small", { capabilities_required: null }), MODELS).lacking).toEqual([]);
  expect(judgeCapabilities({ ...hen("small"), agent_kind: "codex" }, MODELS).lacking).toEqual([]);
});
