import { describe, expect, test } from "bun:test";
import type { CoopError } from "../errors/coop-error.ts";
import { assertMaySend } from "./secret-host.ts";

type Row = readonly [
  provider: "anthropic" | "openai" | "openai-compat",
  baseUrl: string | null,
  hosts?: readonly string[],
];

const send = ([provider, base_url, hosts = []]: Row) =>
  assertMaySend({
    ref: { kind: "vault", name: "key" },
    link: { provider, base_url },
    hosts,
    howToBind: (host) => `bind ${host}`,
  });

describe("a secret is not sent", () => {
  const refused: readonly (readonly [...Row])[] = [
    ["anthropic", "https://evil.example"],
    ["anthropic", "https://api.anthropic.com.evil.example"],
    ["anthropic", "https://api.anthropic.com:8443"],
    ["anthropic", "http://api.anthropic.com"],
    ["anthropic", "https://api.openai.com/v1"],
    ["openai", "https://api.anthropic.com/v1"],
    ["openai-compat", "https://api.openai.com/v1"],
    ["openai-compat", "http://127.0.0.1:8080/v1"],
    ["openai-compat", "http://127.0.0.1:8080/v1", ["127.0.0.1"]],
    ["openai-compat", "http://127.0.0.1:8080/v1", ["127.0.0.1:8081"]],
    ["openai-compat", "https://a.example.com", ["example.com"]],
    ["openai-compat", "https://example.com", ["*.example.com"]],
    ["openai-compat", "https://a.example.com:8443", ["*.example.com"]],
    ["openai-compat", "http://a.example.com", ["a.example.com", "a.example.com:80"]],
    ["openai-compat", "http://8.8.8.8", ["8.8.8.8"]],
    ["openai-compat", "http://172.32.0.1", ["172.32.0.1"]],
  ];
  for (const row of refused) {
    test(row.join(" "), () => {
      expect(() => send(row)).toThrow(expect.objectContaining({ code: "secret_not_allowed" }));
    });
  }

  test("and the refusal says exactly what would allow it", () => {
    for (const row of [
      ["openai-compat", "https://api.example.com/v1"],
      ["openai-compat", "http://127.0.0.1:8080/v1"],
      ["openai-compat", "http://[::1]:8080/v1"],
      ["openai-compat", "http://localhost/v1"],
      ["anthropic", "https://gateway.example.com:8443"],
    ] as const) {
      try {
        send(row);
        throw new Error("it was sent");
      } catch (error) {
        const { next = "" } = error as CoopError;
        expect(() => send([row[0], row[1], [next.replace("bind ", "")]])).not.toThrow();
      }
    }
  });
});

describe("a secret is sent", () => {
  const sent: readonly (readonly [...Row])[] = [
    ["anthropic", null],
    ["openai", null],
    ["anthropic", "https://api.anthropic.com"],
    ["openai", "https://API.openai.com:443/v1"],
    ["openai-compat", "https://a.b.example.com/v1", ["*.example.com"]],
    ["openai-compat", "https://api.example.com:8443/v1", ["api.example.com:8443"]],
    ["openai-compat", "http://10.1.2.3/v1", ["10.1.2.3"]],
    ["openai-compat", "http://[fd12::1]:11434/v1", ["[fd12::1]:11434"]],
  ];
  for (const row of sent) test(row.join(" "), () => expect(() => send(row)).not.toThrow());
});
