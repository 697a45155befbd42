import { expect, test } from "bun:test";
import { henWith, manifestWith, noModels } from "../testing/hens.ts";
import { chooseRoute, ROUTE_RULES, withRoute } from "./choose-route.ts";

const MODELS = noModels().routes;
const ruleFor = (prompt: string, parts: { chars?: number; hasTools?: boolean } = {}) =>
  chooseRoute({ prompt, chars: parts.chars ?? prompt.length, hasTools: parts.hasTools ?? false }, MODELS).rule;

test.each([
  ["Refactor this module", {}, "hard words"],
  ["please DEBUG it", { hasTools: true }, "hard words"],
  ["go through it step  by\nstep", {}, "hard words"],
  ["hello", { chars: 20_001 }, "long"],
  ["translate this", { chars: 599 }, "simple words"],
  ["translate this", { chars: 600 }, "otherwise"],
  ["translate this", { hasTools: true }, "otherwise"],
  ["hello", { chars: 299 }, "short"],
  ["hello", { chars: 300 }, "otherwise"],
  ["hello", { hasTools: true }, "otherwise"],
] as const)("%j %j is routed by the rule %j", (prompt, parts, rule) => {
  expect(ruleFor(prompt, parts)).toBe(rule);
});

test.each(["generate a list of birds", "improve my letter", "a debugger", "novelty", "die Novellen", "prové"])(
  "%j is not taken for a word that it only contains (weaknesses F6)",
  (prompt) => {
    expect(ruleFor(prompt, { chars: 599 })).toBe("otherwise");
  },
);

test("each rule names a size that there is a model for, and the last fits everything", () => {
  for (const { tier } of ROUTE_RULES) expect(MODELS[tier]).toBeString();
  expect(ROUTE_RULES.at(-1)?.fits({ prompt: "", chars: 0, hasTools: true })).toBe(true);
});

test("only the first link of a hen's brain is changed", () => {
  const fallback = { provider_id: "none", provider: "script", base_url: null, model: "demo" } as const;
  const manifest = manifestWith();
  const hen = henWith({ manifest: { ...manifest, brain: { ...manifest.brain, fallbacks: [fallback] } } });
  const { brain } = withRoute(hen, { tier: "small", rule: "short", model: "small-1" }).manifest;
  expect([brain.model, brain.fallbacks]).toEqual(["small-1", [fallback]]);
  expect(withRoute(hen, undefined)).toBe(hen);
});
