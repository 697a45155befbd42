import { expect, test } from "bun:test";
import { parseScriptRef } from "./script-ref.ts";
import { parseSecretRef } from "./secret-ref.ts";

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
    "env:A",
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
  expect(parseSecretRef(`azure-kv://${"v".repeat(24)}/s`)).toMatchObject({ kind: "azure-kv" });
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
