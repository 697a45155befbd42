import { expect, test } from "bun:test";
import { parseScriptRef } from "./script-ref.ts";
import { formatSecretRef, parseSecretRef } from "./secret-ref.ts";

test("a secret reference is refused unless it is exactly one", () => {
  const bad = [
    "",
    " none",
    "None",
    "none ",
    "vault",
    "vault:",
    "vault: a",
    "vault:a/b",
    "vault:a\n",
    `vault:${"a".repeat(129)}`,
    "VAULT:a",
    "env:",
    "env:1A",
    "env:A B",
    "env:A=B",
    `env:${"A".repeat(129)}`,
    "ENV:A",
    "file:",
    "file:key",
    "file:./key",
    "file://host/key",
    "file:/a/../b",
    "file:/a/./b",
    "file:/a//b",
    "file:/a/",
    "file:/a\n",
    "file:/a\u0000",
    `file:/${"a".repeat(1024)}`,
    "azure-kv:v/s",
    "azure-kv://",
    "azure-kv:///s",
    "azure-kv://v",
    "azure-kv://v/",
    "azure-kv://v//x",
    "azure-kv://v.evil.example/s",
    "azure-kv://v@evil/s",
    "azure-kv://v:80/s",
    "azure-kv://v#/s",
    "azure-kv://v--w/s",
    "azure-kv://-v/s",
    "azure-kv://v-/s",
    `azure-kv://${"v".repeat(25)}/s`,
    "azure-kv://v/s?x",
    "azure-kv://v/../s",
    "azure-kv://v/s/1/2",
    "azure-kv://v/s/a-b",
    "azure-kv://v/s%2f",
  ];
  for (const text of bad) expect(`${text} ${parseSecretRef(text).kind}`).toBe(`${text} fault`);
});

test("a secret reference says where the key lies", () => {
  expect(parseSecretRef("none")).toEqual({ kind: "none" });
  expect(parseSecretRef("vault:byok-anthropic")).toEqual({ kind: "vault", name: "byok-anthropic" });
  expect(parseSecretRef("azure-kv://my-Vault1/Key-2")).toEqual({
    kind: "azure-kv",
    vault: "my-Vault1",
    secret: "Key-2",
    version: null,
  });
  expect(parseSecretRef("azure-kv://v/s/")).toEqual({ kind: "azure-kv", vault: "v", secret: "s", version: null });
  expect(parseSecretRef("azure-kv://v/s/0aF")).toEqual({ kind: "azure-kv", vault: "v", secret: "s", version: "0aF" });
  expect(parseSecretRef("env:OPENAI_API_KEY")).toEqual({ kind: "env", name: "OPENAI_API_KEY" });
  expect(parseSecretRef("file:/etc/coop/a key")).toEqual({ kind: "file", path: "/etc/coop/a key" });
  expect(parseSecretRef(`azure-kv://${"v".repeat(24)}/s`)).toMatchObject({ kind: "azure-kv" });
});

test("a secret reference is written as it is read", () => {
  for (const text of ["none", "vault:a", "env:A", "file:/a/b", "azure-kv://v/s", "azure-kv://v/s/1"]) {
    const ref = parseSecretRef(text);
    expect(ref.kind === "fault" ? ref : formatSecretRef(ref)).toBe(text);
  }
});

test("a script reference never leads out of the manifest's folder", () => {
  const bad = [
    "",
    "Demo",
    "demo.yaml",
    "-demo",
    "a/b",
    "file:",
    "file:/x",
    "file:..",
    "file:../x",
    "file:a/../../x",
    "file:a//b",
    "file:./x",
    "file:a/",
    "file:a\\b",
    "file:a\0b",
    "file:a\nb",
    `file:${"a".repeat(513)}`,
    "PROMPT",
    "prompt ",
  ];
  for (const model of bad) expect(`${model} ${parseScriptRef(model).kind}`).toBe(`${model} fault`);
  expect(parseScriptRef("prompt")).toEqual({ kind: "prompt" });
  expect(parseScriptRef("demo")).toEqual({ kind: "shipped", name: "demo" });
  expect(parseScriptRef("file:scripts/my demo.yaml")).toEqual({ kind: "file", path: "scripts/my demo.yaml" });
});
