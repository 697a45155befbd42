import { describe, expect, test } from "bun:test";
import type { NetRule, NetworkSpec } from "../manifest/manifest.ts";
import { allowHost, denyHost, isLetOutBy, parseHostAndPort } from "./change-network.ts";
import { decideEgress } from "./decide.ts";

const OFF: NetworkSpec = { policy: "off", allow: [] };
const OPEN: NetworkSpec = { policy: "open", allow: [] };
const rule = (host: string, ports: number[], extra: Partial<NetRule> = {}): NetRule => ({
  host,
  ports,
  private: false,
  methods: null,
  paths: null,
  ...extra,
});
const list = (...allow: readonly NetRule[]): NetworkSpec => ({ policy: "allowlist", allow });

const allow = (network: NetworkSpec | null, text: string, isPrivate = false) =>
  allowHost(network, { ...parseHostAndPort(text), isPrivate });
const deny = (network: NetworkSpec | null, text: string) => denyHost(network, parseHostAndPort(text));
const codeOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("what is refused", () => {
  test("texts that are no host and port", () => {
    for (const text of [
      "",
      ":443",
      "a.org:0",
      "a.org:65536",
      "a.org:443:80",
      "https://a.org",
      "a.org/path",
      "a b",
      "*",
      "*.org",
      "*.10.0.0.1",
      "a.*.org",
      "[2606:4700::1111]:443",
      "user@a.org",
      "a..org",
    ]) {
      expect([text, codeOf(() => parseHostAndPort(text))]).toEqual([text, "bad_request"]);
    }
  });

  test("a private host that was not asked for as one, and what nothing opens", () => {
    for (const host of ["127.0.0.1", "10.1.2.3", "192.168.0.1:8080", "localhost", "x.localhost", "0x7f.1", "127.1"]) {
      expect([host, codeOf(() => allow(list(), host))]).toEqual([host, "policy_denied"]);
      expect([host, typeof codeOf(() => allow(list(), host, true))]).toEqual([host, "object"]);
    }
    for (const host of ["169.254.169.254", "metadata.google.internal", "224.0.0.1", "0.0.0.0"]) {
      for (const isPrivate of [false, true]) {
        expect([host, codeOf(() => allow(list(), host, isPrivate))]).toEqual([host, "policy_denied"]);
      }
    }
    expect(codeOf(() => allow(list(), "*.lan.org", true))).toBe("bad_request");
  });

  test("under policy open: one host less, or a private one more, since either closes all the others", () => {
    for (const network of [null, OPEN]) {
      expect(codeOf(() => deny(network, "a.org"))).toBe("policy_denied");
      expect(codeOf(() => allow(network, "db.lan:5432", true))).toBe("policy_denied");
    }
  });

  test("a host less that a pattern lets out together with others", () => {
    expect(codeOf(() => deny(list(rule("*.a.org", [443])), "x.a.org"))).toBe("policy_denied");
    expect(deny(list(rule("*.a.org", [443])), "x.a.org:80")).toEqual(list(rule("*.a.org", [443])));
  });
});

describe("allow", () => {
  test("makes the smallest change that lets the host out, and none where it is out already", () => {
    expect(allow(OFF, "a.org")).toEqual(list(rule("a.org", [443])));
    expect(allow(list(), "A.org.:80")).toEqual(list(rule("a.org", [80])));
    expect(allow(list(rule("a.org", [80])), "a.org")).toEqual(list(rule("a.org", [80, 443])));
    expect(allow(list(rule("b.org", [443])), "*.a.org:8443")).toEqual(
      list(rule("b.org", [443]), rule("*.a.org", [8443])),
    );
    for (const network of [
      null,
      OPEN,
      list(rule("a.org", [443])),
      list(rule("*.org.org", [443]), rule("a.org", [443])),
    ]) {
      expect(allow(network, "a.org")).toBe(network);
    }
    const wild = list(rule("*.a.org", [443]));
    expect([allow(wild, "x.a.org"), allow(wild, "*.a.org")]).toEqual([wild, wild]);
  });

  test("beside a rule that lets only some methods or paths out adds one for all, and never widens a private one", () => {
    const narrow = rule("a.org", [443], { methods: ["GET"] });
    expect(allow(list(narrow), "a.org")).toEqual(list(narrow, rule("a.org", [443])));
    const local = rule("db.lan", [5432], { private: true });
    expect(allow(list(local), "db.lan:5433")).toEqual(list(local, rule("db.lan", [5433])));
    expect(allow(list(local), "db.lan:5433", true)).toEqual(list({ ...local, ports: [5432, 5433] }));
    expect(allow(list(rule("db.lan", [5432])), "db.lan:5432", true)).toEqual(list(rule("db.lan", [5432]), local));
  });

  test("is what the decision then says, and deny takes it away again", () => {
    for (const [before, text, isPrivate] of [
      [OFF, "a.org", false],
      [list(rule("b.org", [443])), "a.org:8443", false],
      [list(rule("a.org", [80])), "a.org:443", false],
      [list(), "127.0.0.1:11434", true],
    ] as const) {
      const { host, port = 443 } = parseHostAndPort(text);
      expect(decideEgress(before, { host, port }).verdict).toBe("denied");
      const after = allow(before, text, isPrivate);
      expect(decideEgress(after, { host, port })).toMatchObject({ verdict: "allowed", mayBePrivate: isPrivate });
      expect(decideEgress(deny(after, `${host}:${port}`), { host, port }).verdict).toBe("denied");
    }
  });
});

describe("deny", () => {
  test("takes one port or the whole host, whatever its rules say, and leaves an allowlist of nothing", () => {
    const both = list(rule("a.org", [80, 443]), rule("a.org", [443], { methods: ["GET"] }), rule("b.org", [443]));
    expect(deny(both, "a.org:80")).toEqual(
      list(rule("a.org", [443]), rule("a.org", [443], { methods: ["GET"] }), rule("b.org", [443])),
    );
    expect(deny(both, "a.org:443")).toEqual(list(rule("a.org", [80]), rule("b.org", [443])));
    expect(deny(both, "a.org")).toEqual(list(rule("b.org", [443])));
    expect(deny(list(rule("*.a.org", [443])), "*.a.org")).toEqual(list());
  });

  test("changes nothing where the host is not let out", () => {
    for (const network of [OFF, list(), list(rule("b.org", [443]))]) expect(deny(network, "a.org")).toBe(network);
  });
});

test("what a policy lets out by now is answered; what it lets out in part, or to another port, is not", () => {
  const denied = { allow: "a.org:443", host: "a.org", code: "no_rule" } as const;
  expect(isLetOutBy(OFF, denied)).toBe(false);
  expect(isLetOutBy(list(rule("a.org", [80])), denied)).toBe(false);
  expect(isLetOutBy(list(rule("a.org", [443], { methods: ["GET"] })), denied)).toBe(false);
  expect(isLetOutBy(list(rule("a.org", [443])), { ...denied, allow: null })).toBe(false);
  const inside = { allow: "db.test:443", host: "db.test", code: "private_address" } as const;
  expect(isLetOutBy(list(rule("db.test", [443])), inside)).toBe(false);
  expect(isLetOutBy(list(rule("db.test", [443], { private: true })), inside)).toBe(true);
  expect(isLetOutBy(list(rule("a.org", [443])), denied)).toBe(true);
  expect(isLetOutBy(OPEN, denied)).toBe(true);
});
