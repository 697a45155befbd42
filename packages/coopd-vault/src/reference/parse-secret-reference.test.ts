import { describe, expect, test } from "bun:test";
import { CoopError, type SecretRef } from "coopd-core";
import { parseSecretReference } from "./parse-secret-reference.ts";

describe("a secret reference is refused", () => {
  const hosts = [
    "evil.example?x=",
    "evil.example#",
    "user@evil.example",
    "evil.example:8443",
    "evil.example",
    "a\\b",
    "a%2eb",
  ];
  const refused = [
    "",
    " ",
    "None",
    "none ",
    " none",
    "none\n",
    "vault:",
    "vault: name",
    "vault:name ",
    "vault:na me",
    "vault:a\nb",
    "vault:../a",
    "vault:a/b",
    "vault:ключ",
    `vault:${"a".repeat(129)}`,
    "Vault:name",
    "azure-kv:/v/s",
    "azure-kv://",
    "azure-kv://v",
    "azure-kv://v/",
    "azure-kv:///s",
    "azure-kv://v/s/1/2",
    "azure-kv://v/s//",
    "azure-kv://v/s?x",
    "azure-kv://v/s#x",
    "azure-kv://v/s/ver?api-version=1",
    "azure-kv://v/../s",
    "azure-kv://-v/s",
    "azure-kv://v-/s",
    "azure-kv://v--v/s",
    "azure-kv://v\u0000/s",
    "azure-kv://v\n/s",
    `azure-kv://${"v".repeat(25)}/s`,
    `azure-kv://v/${"s".repeat(128)}`,
    `azure-kv://v/s/${"a".repeat(65)}`,
    "keyring:KEY",
    "sk-ant-api03-0000",
    "https://vault.example/secret",
    ...hosts.map((host) => `azure-kv://${host}/s`),
  ];

  test.each(refused)("%j", (text) => {
    expect(() => parseSecretReference(text)).toThrow(expect.objectContaining({ code: "bad_request" }));
  });

  test("without repeating the text, which may be the key itself", () => {
    for (const text of ["sk-ant-api03-LEAK", "vault:sk LEAK", "azure-kv://LEAK?/s", "azure-kv://v/LEAK?"]) {
      try {
        parseSecretReference(text);
        throw new Error(`accepted ${text}`);
      } catch (error) {
        const { message, next, details } = error as CoopError;
        expect(error).toBeInstanceOf(CoopError);
        expect(JSON.stringify([message, next, details])).not.toContain("LEAK");
      }
    }
  });
});

describe("a secret reference is read", () => {
  const read: [string, SecretRef][] = [
    ["none", { kind: "none" }],
    ["vault:default", { kind: "vault", name: "default" }],
    ["vault:byok-anthropic", { kind: "vault", name: "byok-anthropic" }],
    ["vault:A.b_c-9", { kind: "vault", name: "A.b_c-9" }],
    ["azure-kv://v/s", { kind: "azure-kv", vault: "v", secret: "s", version: null }],
    [
      "azure-kv://My-Vault-1/anthropic-key",
      { kind: "azure-kv", vault: "My-Vault-1", secret: "anthropic-key", version: null },
    ],
    ["azure-kv://v/s/", { kind: "azure-kv", vault: "v", secret: "s", version: null }],
    [
      "azure-kv://v/s/0123456789abcdef0123456789abcdef",
      { kind: "azure-kv", vault: "v", secret: "s", version: "0123456789abcdef0123456789abcdef" },
    ],
  ];

  test.each(read)("%s", (text, expected) => {
    expect(parseSecretReference(text)).toEqual(expected);
  });
});
