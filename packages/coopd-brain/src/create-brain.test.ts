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
    [{ provider: "anthropic", base_url: "ftp://h" }, "brain_unsupported", "is neither http nor https"],
    [{ provider: "openai", base_url: "http://u:p@h" }, "brain_unsupported", "has a name or a password in it"],
    [{ provider: "anthropic", provider_id: "vault:k" }, "secret_unavailable", 'the key "vault:k" of the brain'],
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

describe("a key goes over plain http to nobody who is not near", () => {
  const built = (base_url: string) =>
    createBrain(link({ provider: "openai-compat", provider_id: "vault:k", base_url }), {
      ...parts,
      key: { reveal: () => "k" },
    });
  const far = ["http://example.com/v1", "http://8.8.8.8/v1", "http://172.32.0.1/v1", "http://[2001:db8::1]/v1"];
  test.each([...far, "http://127.0.0.1.example.com/v1", "http://10.0.0.1.nip.io/v1", "http://[fe00::1]/v1"])(
    "%s",
    (url) => {
      expect(() => built(url)).toThrow(
        expect.objectContaining({ code: "brain_unsupported", message: expect.stringContaining("plain http") }),
      );
    },
  );
  const near = ["http://127.0.0.1:1/v1", "http://localhost/v1", "http://[::1]/v1", "http://10.1.2.3/v1"];
  test.each([
    ...near,
    "http://192.168.0.9/v1",
    "http://172.16.0.1/v1",
    "http://[fd00::1]/v1",
    "https://example.com/v1",
  ])("but to %s", (url) => void expect(built(url).label).toBe("openai-compat hello"));
});

describe("a brain is built", () => {
  test.each([
    [link({}), "script hello"],
    [link({ model: "prompt" }), "script prompt"],
    [link({ model: "file:a.yaml" }), "script file:a.yaml"],
    [link({ provider: "openai-compat", base_url: "http://127.0.0.1:11434/v1", model: "tiny" }), "openai-compat tiny"],
    [link({ provider: "openai", model: "gpt" }), "openai gpt"],
    [link({ provider: "anthropic", model: "claude" }), "anthropic claude"],
  ] as const)("for %j", (of, label) => {
    expect(createBrain(of, parts).label).toBe(label);
  });
});
