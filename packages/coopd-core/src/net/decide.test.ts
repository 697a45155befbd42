import { describe, expect, test } from "bun:test";
import type { NetRule, NetworkSpec } from "../manifest/manifest.ts";
import { decideEgress, type EgressRequest, isLocalName, mayBeNamed } from "./decide.ts";

function rule(host: string, parts: Partial<NetRule> = {}): NetRule {
  return { host, ports: [443], private: false, methods: null, paths: null, ...parts };
}

function allowlist(...allow: readonly NetRule[]): NetworkSpec {
  return { policy: "allowlist", allow };
}

function ask(network: NetworkSpec | null, host: string, port = 443, more: Partial<EgressRequest> = {}) {
  return decideEgress(network, { host, port, ...more });
}

const LIST = allowlist(
  rule("api.example.org"),
  rule("*.example.com", { ports: [80, 443] }),
  rule("read.example.net", { ports: [80], methods: ["GET", "HEAD"], paths: ["/v1", "/public/"] }),
  rule("localhost", { ports: [11_434], private: true }),
  rule("10.0.0.5", { ports: [5432], private: true }),
  rule("192.168.0.9", { ports: [80] }),
);

describe("what is refused", () => {
  const REFUSED: readonly (readonly [
    NetworkSpec | null,
    string,
    number,
    Partial<EgressRequest>,
    string,
    string | null,
    string | null,
  ])[] = [
    [{ policy: "off", allow: [] }, "api.example.org", 443, {}, "policy_off", null, "api.example.org:443"],
    [LIST, "evil.example.net", 443, {}, "no_rule", null, "evil.example.net:443"],
    [LIST, "example.com", 443, {}, "no_rule", null, "example.com:443"],
    [LIST, "api.example.org.evil.net", 443, {}, "no_rule", null, "api.example.org.evil.net:443"],
    [LIST, "API.example.org.", 8443, {}, "port_not_listed", "api.example.org:443", "api.example.org:8443"],
    [LIST, "a.example.com", 22, {}, "port_not_listed", "*.example.com:80,443", "a.example.com:22"],
    [
      LIST,
      "read.example.net",
      80,
      { method: "POST", path: "/v1" },
      "method_not_listed",
      "read.example.net:80",
      "read.example.net:80",
    ],
    [
      LIST,
      "read.example.net",
      80,
      { method: "GET", path: "/v10" },
      "path_not_listed",
      "read.example.net:80",
      "read.example.net:80",
    ],
    [
      LIST,
      "read.example.net",
      80,
      { method: "GET", path: "/v1/%2e%2e/x" },
      "path_not_listed",
      "read.example.net:80",
      "read.example.net:80",
    ],
    [LIST, "192.168.0.9", 80, {}, "private_address", "192.168.0.9:80", "192.168.0.9:80"],
    [LIST, "127.0.0.1", 11_434, {}, "no_rule", null, "127.0.0.1:11434"],
    [LIST, "169.254.169.254", 80, {}, "no_rule", null, null],
    [LIST, "[2606:4700::1111]", 443, {}, "no_rule", null, null],
    [allowlist(), "api.example.org", 443, {}, "no_rule", null, "api.example.org:443"],
    [allowlist(rule("a.b", { ports: [] })), "a.b", 443, {}, "port_not_listed", "a.b:", "a.b:443"],
    [
      allowlist(rule("169.254.169.254", { private: true })),
      "169.254.169.254",
      443,
      {},
      "private_address",
      "169.254.169.254:443",
      null,
    ],
    [
      allowlist(rule("metadata.google.internal", { private: true })),
      "metadata.google.internal",
      443,
      {},
      "private_address",
      "metadata.google.internal:443",
      null,
    ],
    [
      allowlist(rule("*.localhost", { private: true })),
      "a.localhost",
      443,
      {},
      "private_address",
      "*.localhost:443",
      "a.localhost:443",
    ],
    [null, "127.0.0.1", 443, {}, "private_address", "* (open)", null],
    [null, "localhost", 443, {}, "private_address", "* (open)", null],
    [null, "metadata.google.internal", 80, {}, "private_address", "* (open)", null],
    [null, "exa mple.org", 443, {}, "host_invalid", null, null],
    [null, "example.org", 0, {}, "request_invalid", null, null],
    [null, "example.org", 65_536, {}, "request_invalid", null, null],
    [null, "example.org", Number.NaN, {}, "request_invalid", null, null],
    [null, "example.org", 80.5, {}, "request_invalid", null, null],
  ];
  for (const [network, host, port, more, code, near, allow] of REFUSED) {
    test(`${network?.policy ?? "no block"}: ${more.method ?? ""} ${host}:${port}${more.path ?? ""} is ${code}`, () => {
      const verdict = ask(network, host, port, more);
      expect(verdict).toMatchObject({ verdict: "denied", code, rule: near, allow });
      if (verdict.verdict === "denied") expect(verdict.reason.length).toBeGreaterThan(10);
    });
  }

  test("what can't be printed is not passed on", () => {
    expect(ask(null, `a\x1b[2J\r\n${"b".repeat(999)}`).host).toBe(`a?[2J??${"b".repeat(248)}`);
  });
});

describe("what is let out", () => {
  test("by an exact rule, whatever the spelling", () => {
    expect(ask(LIST, "API.Example.ORG.")).toEqual({
      verdict: "allowed",
      host: "api.example.org",
      rule: "api.example.org:443",
      mayBePrivate: false,
      isHttpOnly: false,
    });
  });

  test("by a pattern, at each of its ports", () => {
    expect(ask(LIST, "a.b.example.com", 80)).toMatchObject({ verdict: "allowed", rule: "*.example.com:80" });
  });

  test("by method and path where they are known, by host and port where not", () => {
    const read = { method: "GET", path: "/v1/models" };
    expect(ask(LIST, "read.example.net", 80, read)).toMatchObject({ verdict: "allowed", isHttpOnly: true });
    expect(ask(LIST, "read.example.net", 80)).toMatchObject({ verdict: "allowed", isHttpOnly: true });
  });

  test("by one of several rules of a host", () => {
    const network = allowlist(
      rule("a.b", { methods: ["GET"] }),
      rule("a.b", { methods: ["POST"], paths: ["/in/"] }),
      rule("a.b", { ports: [22] }),
    );
    expect(ask(network, "a.b", 443, { method: "POST", path: "/in/x" }).verdict).toBe("allowed");
    expect(ask(network, "a.b", 443, { method: "GET", path: "/in/x" }).verdict).toBe("allowed");
    expect(ask(network, "a.b", 443, { method: "POST", path: "/" })).toMatchObject({ code: "path_not_listed" });
    expect(ask(network, "a.b", 22)).toMatchObject({ verdict: "allowed", isHttpOnly: false });
  });

  test("a private host that is named with its port, and no other port", () => {
    expect(ask(LIST, "localhost", 11_434)).toMatchObject({ verdict: "allowed", mayBePrivate: true });
    expect(ask(LIST, "10.5", 5432)).toMatchObject({ verdict: "allowed", host: "10.0.0.5", mayBePrivate: true });
    expect(ask(LIST, "10.0.0.5", 5433)).toMatchObject({ code: "port_not_listed" });
  });

  test("anything public under open, as nothing private", () => {
    expect(ask({ policy: "open", allow: [] }, "example.org", 8443)).toMatchObject({
      rule: "* (open)",
      mayBePrivate: false,
    });
  });
});

test("a name may be asked for when some rule names it with a port", () => {
  const names = ["api.example.org", "x.example.com", "example.com", "localhost", "evil.example.net"];
  expect(names.filter((name) => mayBeNamed(LIST, name))).toEqual(["api.example.org", "x.example.com", "localhost"]);
  expect(mayBeNamed(allowlist(rule("a.b", { ports: [] })), "a.b")).toBe(false);
  expect(mayBeNamed(null, "example.org")).toBe(true);
  expect(mayBeNamed(null, "metadata.google.internal")).toBe(false);
  expect(mayBeNamed({ policy: "off", allow: [] }, "example.org")).toBe(false);
});

test("only localhost and what lies below it is this machine by name", () => {
  expect(["localhost", "a.localhost"].filter((name) => !isLocalName(name))).toEqual([]);
  const others = ["ollama", "box.local", "pi.lan", "localhost.example.org", "xlocalhost", "127.0.0.1"];
  expect(others.filter(isLocalName)).toEqual([]);
});
