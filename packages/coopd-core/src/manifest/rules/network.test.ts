import { describe, expect, test } from "bun:test";
import { parseManifest } from "../parse.ts";
import { type BadManifest, beginnings, faultsOf, WHOLE } from "../testing/faults.ts";

/** What follows `network: ` in line 7; a rule of `allow` starts in column 38. */
const REFUSED: readonly BadManifest[] = [
  ["a block without a policy", "{allow: []}", "7:10 network.policy: is missing; expected one of off, allowlist, open"],
  ["an empty block, which is no open network", "", "7:10 network.policy: is missing"],
  [
    "a policy in the wrong case",
    "{policy: OFF}",
    '7:19 network.policy: is "OFF"; expected one of off, allowlist, open; did you',
  ],
  ["false, which is what YAML 1.1 makes of off", "{policy: false}", '7:19 network.policy: is "false"'],
  ["an empty policy", "{policy: }", "7:19 network.policy: is empty"],
  [
    "rules under policy off",
    "{policy: off, allow: [{host: a.b}]}",
    "7:31 network.allow: is given, and policy off has no",
  ],
  [
    "rules under policy open",
    "{policy: open, allow: [{host: a.b}]}",
    "7:32 network.allow: is given, and policy open has",
  ],
  ["a map of rules", "{policy: allowlist, allow: {host: a.b}}", "7:37 network.allow: is a map; expected a list"],
  ["a host as a rule", "{policy: allowlist, allow: [a.b]}", '7:38 network.allow[0]: is "a.b"; expected a map'],
  [
    "no host",
    "{policy: allowlist, allow: [{ports: [443]}]}",
    "7:38 network.allow[0].host: is missing; expected a host name",
  ],
  [
    "a host with a scheme",
    "{policy: allowlist, allow: [{host: 'http://a.b'}]}",
    '7:45 network.allow[0].host: has ":" in it',
  ],
  ["every host", "{policy: allowlist, allow: [{host: '*'}]}", "7:45 network.allow[0].host: may have `*` only"],
  [
    "a top-level domain",
    "{policy: allowlist, allow: [{host: '*.com'}]}",
    "7:45 network.allow[0].host: would match a whole",
  ],
  [
    "an address in hexadecimal",
    "{policy: allowlist, allow: [{host: 0x7f000001}]}",
    "7:45 network.allow[0].host: is not a canonical",
  ],
  [
    "port 0",
    "{policy: allowlist, allow: [{host: a.b, ports: [0]}]}",
    '7:58 network.allow[0].ports[0]: is "0"; expected a whole',
  ],
  [
    "port 65536",
    "{policy: allowlist, allow: [{host: a.b, ports: [65536]}]}",
    '7:58 network.allow[0].ports[0]: is "65536"',
  ],
  [
    "a port in quotes",
    "{policy: allowlist, allow: [{host: a.b, ports: ['443']}]}",
    '7:58 network.allow[0].ports[0]: is the text "443"',
  ],
  [
    "a bare port",
    "{policy: allowlist, allow: [{host: a.b, ports: 443}]}",
    '7:57 network.allow[0].ports: is "443"; expected a list',
  ],
  [
    "private without ports",
    "{policy: allowlist, allow: [{host: db, private: true}]}",
    "7:38 network.allow[0].ports: is not given",
  ],
  [
    "private with no ports",
    "{policy: allowlist, allow: [{host: db, private: true, ports: []}]}",
    "7:71 network.allow[0].ports: is not",
  ],
  [
    "private with a pattern",
    "{policy: allowlist, allow: [{host: '*.a.b', private: true, ports: [1]}]}",
    "7:45 network.allow[0].host: is a",
  ],
  [
    "a method in lower case",
    "{policy: allowlist, allow: [{host: a.b, methods: [get]}]}",
    '7:60 network.allow[0].methods[0]: is "get"',
  ],
  [
    "no methods",
    "{policy: allowlist, allow: [{host: a.b, methods: []}]}",
    "7:59 network.allow[0].methods: has 0 entries; expected at",
  ],
  [
    "a path without a slash",
    "{policy: allowlist, allow: [{host: a.b, paths: [v1]}]}",
    "7:58 network.allow[0].paths[0]: does not start",
  ],
  [
    "a path that climbs",
    "{policy: allowlist, allow: [{host: a.b, paths: [/a/../b]}]}",
    "7:58 network.allow[0].paths[0]: has `.` or",
  ],
  [
    "a path with a query",
    "{policy: allowlist, allow: [{host: a.b, paths: [/a?b]}]}",
    "7:58 network.allow[0].paths[0]: has `?`, `#`",
  ],
  [
    "a path with a space",
    "{policy: allowlist, allow: [{host: a.b, paths: ['/a b']}]}",
    "7:58 network.allow[0].paths[0]: has a character",
  ],
];

describe("a network block is refused", () => {
  for (const [name, block, ...expected] of REFUSED) {
    test(name, () => {
      const found = faultsOf(`${WHOLE}network: ${block}\n`);
      expect(beginnings(found, expected)).toEqual(expected);
    });
  }
});

test("`policy: off` is the word off, also under a YAML 1.1 directive", () => {
  expect(parseManifest(`${WHOLE}network: {policy: off}\n`).manifest.network?.policy).toBe("off");
  expect(parseManifest(`%YAML 1.1\n---\n${WHOLE}network: {policy: off}\n`).manifest.network?.policy).toBe("off");
});

test("a rule has port 443 and nothing private unless it says so, and its host is kept in lower case", () => {
  const { manifest } = parseManifest(`${WHOLE}network: {policy: allowlist, allow: [{host: API.Example.org}]}\n`);
  expect(manifest.network?.allow).toEqual([
    { host: "api.example.org", ports: [443], private: false, methods: null, paths: null },
  ]);
});

test("no block and a null block are the same: open", () => {
  expect(parseManifest(WHOLE).manifest.network).toBeNull();
  expect(parseManifest(`${WHOLE}network: ~\n`).manifest.network).toBeNull();
});

test("what lets nothing out is said in a warning", () => {
  const empty = parseManifest(`${WHOLE}network: {policy: allowlist}\n`).warnings;
  expect(empty.map((warning) => `${warning.line}:${warning.column} ${warning.path}`)).toEqual(["7:10 network.allow"]);
  const unused = parseManifest(`${WHOLE}tools: [http]\nnetwork: {policy: off}\n`).warnings;
  expect(unused.map((warning) => `${warning.path} ${warning.message}`)).toEqual([
    "tools grants http, which reaches nothing under network policy off",
  ]);
  const never = parseManifest(`${WHOLE}network: {policy: allowlist, allow: [{host: a.b, ports: []}]}\n`).warnings;
  expect(never.map((warning) => `${warning.path} ${warning.message}`)).toEqual([
    "network.allow[0].ports is empty: this rule never matches",
  ]);
});
