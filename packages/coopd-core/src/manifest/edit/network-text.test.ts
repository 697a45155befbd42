import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { createRandom } from "../../testing/random.ts";
import type { NetRule, NetworkSpec } from "../manifest.ts";
import { parseManifest } from "../parse.ts";
import { withNetwork } from "./network-text.ts";

const HEAD = "spec_version: coop/v1\nname: a\nbrain: {provider: script, provider_id: none, model: demo}\n";
const rule = (host: string, ...ports: number[]): NetRule => ({
  host,
  ports: ports.length === 0 ? [443] : ports,
  private: false,
  methods: null,
  paths: null,
});
const allowlist = (...allow: readonly NetRule[]): NetworkSpec => ({ policy: "allowlist", allow });

function change(text: string, network: NetworkSpec | null): string {
  const { manifest } = parseManifest(text);
  const next = withNetwork(text, manifest, network);
  expect(parseManifest(next).manifest).toEqual({ ...manifest, network });
  return next;
}

describe("only what changes is written anew", () => {
  const written = `# the farm's own hen
${HEAD}
network: # asked for by Kim
  # what it may reach
  policy: allowlist   # never open
  allow:
    # releases
    - host: "api.github.com"  # GitHub
      ports: [443]

    # the mirror
    - {host: mirror.example.org, ports: [80, 443]}

# at last
tools: [ bash,file_read ]   # not http
`;

  test("a rule more", () => {
    expect(
      change(written, allowlist(rule("api.github.com"), rule("mirror.example.org", 80, 443), rule("new.org", 8443))),
    ).toBe(
      written
        .replace("ports: [80, 443]}\n", "ports: [80, 443]}\n    - host: new.org\n      ports: [8443]\n")
        .replace("network: # asked for by Kim", "network:\n  # asked for by Kim")
        .replace("allowlist   #", "allowlist #")
        .replace('com"  #', 'com" #'),
    );
  });

  test("a port more, and a rule less", () => {
    const next = change(written, allowlist(rule("api.github.com", 443, 22)));
    expect(next).toContain('    - host: "api.github.com" # GitHub\n      ports: [443, 22]\n');
    expect(next).not.toContain("mirror.example.org");
    for (const kept of [
      "# the farm's own hen",
      "# asked for by Kim",
      "# what it may reach",
      "# never open",
      "# releases",
    ]) {
      expect(next).toContain(kept);
    }
    expect(next).toEndWith("\n# at last\ntools: [ bash,file_read ]   # not http\n");
  });

  test("another policy", () => {
    expect(change(written, { policy: "off", allow: [] })).toContain("  policy: off # never open\n");
    expect(change(written, { policy: "open", allow: [] })).toContain("  policy: open # never open\n");
    expect(change(written, allowlist())).toContain("allow:");
    expect(change(written, null)).toContain("network: null");
  });
});

test("a block that is not there, empty or null is made, at the end or in its place", () => {
  const wanted = allowlist(rule("a.org"));
  const block = "network:\n  policy: allowlist\n  allow:\n    - host: a.org\n      ports: [443]\n";
  expect(change(HEAD, wanted)).toBe(`${HEAD}\n${block}`);
  expect(change(HEAD.trimEnd(), wanted)).toBe(`${HEAD}\n${block}`);
  expect(change(`${HEAD}network: ~\ntools: []\n`, wanted)).toBe(`${HEAD}${block}tools: []\n`);
  expect(change(`${HEAD}network: {policy: off}\ntools: []\n`, wanted)).toContain("tools: []\n");
  expect(change(`${HEAD}network:\n  policy: allowlist\n  allow: []\n`, wanted)).toBe(`${HEAD}${block}`);
});

test("what YAML can say in other ways reads back all the same", () => {
  const wanted = allowlist(
    rule("a.org"),
    { ...rule("db.lan", 5432), private: true },
    { ...rule("b.org"), methods: ["GET"] },
  );
  for (const text of [
    `---\n${HEAD}network:\n    policy: allowlist\n    allow:\n        -   host: a.org\n...\n`,
    `%YAML 1.1\n---\n${HEAD}network: {policy: off}\n`,
    `${HEAD}"network": {"policy": "allowlist", "allow": [{"host": "a.org"}]}\n`,
    `? network\n: policy: off\n${HEAD}`,
    `${HEAD}metadata: {rules: &r [{host: a.org}]}\nnetwork: {policy: allowlist, allow: *r}\n`,
    `network: &n\n  policy: allowlist\n  allow: [&x {host: a.org}]\n${HEAD}metadata: {copy: *n, rule: *x}\n`,
    `${HEAD}network: !!map\n  policy: !!str off\n`,
    HEAD.replaceAll("\n", "\r\n").concat("network:\r\n  policy: off # no\r\ntools: []\r\n"),
    JSON.stringify(parseManifest(HEAD).manifest),
    `{spec_version: coop/v1, name: a, brain: {provider: script, provider_id: none, model: demo}} # flow`,
  ]) {
    const next = change(text, wanted);
    expect(change(next, wanted)).toBe(next);
    if (text.includes("#")) expect(next).toContain("#");
    if (text.includes("\r\n")) expect(next.replaceAll("\r\n", "")).not.toContain("\n");
  }
});

test("a text that says nothing, or not what is kept, becomes JSON of what is kept", () => {
  const { manifest } = parseManifest(HEAD);
  for (const text of ["", "name: [", "name: only\n"]) {
    expect(JSON.parse(withNetwork(text, manifest, allowlist()))).toEqual({ ...manifest, network: allowlist() });
  }
});

test("random changes one after another keep every comment and every other key of the examples", () => {
  const seed = 20261126;
  const random = createRandom(seed);
  const folder = `${import.meta.dir}/../../../../../examples`;
  const hosts = ["a.org", "*.b.org", "c.d.org", "localhost"];
  let changes = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
    const start = readFileSync(`${folder}/${file}`, "utf8");
    const outside = start.slice(0, start.indexOf("network:"));
    let text = start;
    for (let n = 0; n < 20; n += 1) {
      const allow = hosts
        .filter(() => random(2) === 0)
        .map((host) => ({
          ...rule(host, ...[80, 443, 8443].filter(() => random(5) < 3), 1),
          private: host === "localhost",
          paths: random(5) === 0 ? ["/v1/"] : null,
        }));
      const policy = (["off", "allowlist", "allowlist", "open"] as const)[random(4)] ?? "off";
      text = change(text, { policy, allow: policy === "allowlist" ? allow : [] });
      expect(text.startsWith(outside)).toBe(true);
      changes += 1;
    }
  }
  console.log(`network texts: ${changes} changes (seed ${seed})`);
});
