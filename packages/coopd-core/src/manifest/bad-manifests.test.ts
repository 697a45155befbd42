import { describe, expect, test } from "bun:test";
import { BAD_MANIFESTS, lines } from "./testing/bad-manifests.ts";
import { beginnings, faultsOf } from "./testing/faults.ts";

/** A reader is done with any text in far less; a test that takes this long has met something that is not linear. */
const TIMEOUT_MS = 5000;

for (const [kind, table] of Object.entries(BAD_MANIFESTS)) {
  describe(`refused with its place: ${kind}`, () => {
    for (const [name, text, ...expected] of table) {
      test(name, () => expectFaults(faultsOf(text), expected), TIMEOUT_MS);
    }
  });
}

/** Each fault begins as expected, and there is no other; of what the YAML parser says only the first must be named. */
function expectFaults(found: readonly string[], expected: readonly string[]): void {
  const isParserTalk = expected[0]?.includes("yaml parse error") === true;
  const compared = isParserTalk ? found.slice(0, expected.length) : found;
  expect(beginnings(compared, expected)).toEqual([...expected]);
}

test("all faults are named at once, in the order of the text", () => {
  const text = `spec_version: coop/v2
brain:
  modle: x
  provider_id: keyring:KEY
  model: ""
tools: [bsh, http]
lease: {allowed_tools: [bash], allow_lease: yes}
network: {policy: on, allow: [{host: "*.com"}, {host: db, private: true}]}
limits: {max_turns: ten}
`;
  expectFaults(faultsOf(text), [
    "1:1 name: is missing",
    '1:15 spec_version: is "coop/v2"',
    "3:3 brain.modle: unknown key",
    "4:16 brain.provider_id: is not a secret reference",
    "5:10 brain.model: is empty",
    '6:9 tools[0]: is "bsh"',
    '7:45 lease.allow_lease: is "yes"',
    '8:19 network.policy: is "on"',
    "8:38 network.allow[0].host: would match a whole top-level domain",
    "8:48 network.allow[1].ports: is not given, and private: true",
    '9:21 limits.max_turns: is "ten"',
  ]);
});

test("no more than 100 faults are named, whatever the text", () => {
  expect(faultsOf(lines(500, (i) => `key${i}: 1\n`))).toHaveLength(100);
  expect(faultsOf("]".repeat(10_000))).toHaveLength(100);
});
