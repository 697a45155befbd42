import { describe, expect, test } from "bun:test";
import type { BrainLink } from "coopd-core";
import { createBrain } from "./create-brain.ts";

const parts = {
  fetch: () => Promise.reject(new Error("no network here")),
  readScript: () => Promise.reject(new Error("no file here")),
};
const link = (fields: Partial<BrainLink>): BrainLink => ({
  provider: "script",
  provider_id: "none",
  base_url: null,
  model: "hello",
  ...fields,
});

describe("a brain is refused", () => {
  const rows: [Partial<BrainLink>, string, string][] = [
    [{ provider: "anthropic" }, "brain_unsupported", 'this version has no adapter for brain.provider "anthropic"'],
    [{ provider: "openai" }, "brain_unsupported", 'this version has no adapter for brain.provider "openai"'],
    [
      { provider: "openai-compat", base_url: "http://h/v1", provider_id: "vault:k" },
      "secret_unavailable",
      'the key "vault:k" of the brain was not handed in',
    ],
    [{ provider_id: "azure-kv://v/s" }, "brain_unsupported", "a script needs no key"],
    [{ provider: "openai-compat" }, "brain_unsupported", 'brain.provider "openai-compat" needs brain.base_url'],
    [{ provider: "openai-compat", base_url: "nope" }, "brain_unsupported", "is no URL"],
    [{ model: "nope" }, "script_invalid", 'Coop ships no script named "nope"'],
  ];
  test.each(rows)("%j", (fields, code, message) => {
    expect(() => createBrain(link(fields), parts)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message), next: expect.any(String) }),
    );
  });
});

describe("a brain is built", () => {
  test.each([
    [link({}), "script hello"],
    [link({ model: "prompt" }), "script prompt"],
    [link({ model: "file:a.yaml" }), "script file:a.yaml"],
    [link({ provider: "openai-compat", base_url: "http://127.0.0.1:11434/v1", model: "tiny" }), "openai-compat tiny"],
  ] as const)("for %j", (of, label) => {
    expect(createBrain(of, parts).label).toBe(label);
  });
});
