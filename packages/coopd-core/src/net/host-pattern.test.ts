import { describe, expect, test } from "bun:test";
import type { NetRule } from "../manifest/manifest.ts";
import { hostPatternFault, matchesRule } from "./host-pattern.ts";

function rule(host: string, ports: readonly number[] = [443]): NetRule {
  return { host, ports, private: false, methods: null, paths: null };
}

describe("a host pattern is refused", () => {
  const REFUSED: readonly (readonly [pattern: string, words: string])[] = [
    ["", "is empty"],
    ["*", "only as a leading `*.`"],
    ["*.", "has nothing behind `*.`"],
    ["*.*.example.org", "only as a leading `*.`"],
    ["api.*.org", "only as a leading `*.`"],
    ["*example.org", "only as a leading `*.`"],
    ["*.org", "top-level domain"],
    ["münchen.de", "punycode"],
    ["example.org:443", 'has ":" in it'],
    ["https://example.org", 'has ":" in it'],
    ["example.org/path", 'has "/" in it'],
    ["user@example.org", 'has "@" in it'],
    ["example.org?x", 'has "?" in it'],
    ["example.org#x", 'has "#" in it'],
    ["exa mple.org", 'has " " in it'],
    ["exa\tmple.org", 'has "\\t" in it'],
    ["[::1]", 'has "[" in it'],
    ["::1", 'has ":" in it'],
    ["%31.example.org", 'has "%" in it'],
    ["example.org.", "malformed label"],
    [".example.org", "malformed label"],
    ["a..b", "malformed label"],
    ["-a.org", "malformed label"],
    ["a-.org", "malformed label"],
    [`${"a".repeat(64)}.org`, "malformed label"],
    [`${"abcdefghi.".repeat(26)}org`, "longer than 253"],
  ];
  for (const [pattern, words] of REFUSED) {
    test(JSON.stringify(pattern.slice(0, 40)), () => expect(hostPatternFault(pattern)).toContain(words));
  }

  const NUMBERS = [
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0x7f000001",
    "0177.0.0.1",
    "1.2.3",
    "1.2.3.4.5",
    "256.0.0.1",
    "example.0x1",
    "example.7",
  ];
  for (const pattern of NUMBERS) {
    test(`${pattern}, which is no canonical IPv4 address and so never matches`, () => {
      expect(hostPatternFault(pattern)).toContain("IPv4");
    });
  }

  test("a pattern over addresses, which would match other people's machines", () => {
    expect(hostPatternFault("*.168.1.1")).toContain("address");
    expect(hostPatternFault("*.0.0.1")).toContain("address");
  });
});

describe("a host pattern is taken", () => {
  for (const pattern of [
    "example.org",
    "*.example.org",
    "localhost",
    "xn--mnchen-3ya.de",
    "_srv.example.org",
    "127.0.0.1",
    "EXAMPLE.org",
    "a.b",
    "3com.com",
    "1.example.org",
  ]) {
    test(pattern, () => expect(hostPatternFault(pattern)).toBeNull());
  }
});

describe("a rule", () => {
  test("matches its exact host, whatever the case of the pattern", () => {
    expect(matchesRule(rule("Example.org"), "example.org", 443)).toBe(true);
    expect(matchesRule(rule("example.org"), "www.example.org", 443)).toBe(false);
    expect(matchesRule(rule("example.org"), "example.org.evil.net", 443)).toBe(false);
  });

  test("with `*.` matches any depth below its domain and never the domain itself", () => {
    expect(matchesRule(rule("*.example.org"), "a.example.org", 443)).toBe(true);
    expect(matchesRule(rule("*.example.org"), "a.b.c.example.org", 443)).toBe(true);
    expect(matchesRule(rule("*.example.org"), "example.org", 443)).toBe(false);
    expect(matchesRule(rule("*.example.org"), ".example.org", 443)).toBe(false);
    expect(matchesRule(rule("*.example.org"), "notexample.org", 443)).toBe(false);
    expect(matchesRule(rule("*.example.org"), "a.example.org.evil.net", 443)).toBe(false);
  });

  test("matches only the ports it lists, and none when it lists none", () => {
    expect(matchesRule(rule("a.b", [80, 443]), "a.b", 80)).toBe(true);
    expect(matchesRule(rule("a.b", [80, 443]), "a.b", 8080)).toBe(false);
    expect(matchesRule(rule("a.b", []), "a.b", 443)).toBe(false);
  });

  test("with `*.` never matches an address", () => {
    expect(matchesRule(rule("*.0.1"), "127.0.0.1", 443)).toBe(false);
    expect(matchesRule(rule("*.example.org"), "127.0.0.1", 443)).toBe(false);
  });
});
