import { describe, expect, test } from "bun:test";
import { CoopError } from "../errors/coop-error.ts";
import { describeFault } from "./faults.ts";
import { parseManifest, parseManifestBytes } from "./parse.ts";
import { MANIFEST_BYTES_MAX } from "./source/text.ts";
import { faultsOf, rawFaultsOf, WHOLE, withBrain } from "./testing/faults.ts";

function bytesOf(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)),
  );
}

describe("bytes are refused when they are", () => {
  const REFUSED: readonly (readonly [name: string, bytes: Uint8Array, fault: string])[] = [
    [
      "Latin-1",
      bytesOf("spec_version: coop/v1\nname: J", [0xf6], "rg\n"),
      "2:8 is not UTF-8; expected text in UTF-8 without a byte order mark",
    ],
    ["cut inside a letter", bytesOf("name: ", [0xc3]), "1:7 is not UTF-8"],
    ["an overlong slash", bytesOf("a: ", [0xc0, 0xaf]), "1:4 is not UTF-8"],
    ["half a surrogate pair", bytesOf("a: ", [0xed, 0xa0, 0x80]), "1:4 is not UTF-8"],
    ["UTF-16 with a mark", bytesOf([0xff, 0xfe, 0x61, 0]), "1:1 is not UTF-8"],
    ["UTF-16 without a mark", bytesOf([0x61, 0, 0x3a, 0]), "1:2 has the character U+0000"],
    ["UTF-8 with a mark", bytesOf([0xef, 0xbb, 0xbf], WHOLE), "1:1 starts with a byte order mark"],
    ["an ELF program", bytesOf([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), "1:1 has the character U+007F"],
    ["a PNG picture", bytesOf([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), "1:1 is not UTF-8"],
    ["a gzip file", bytesOf([0x1f, 0x8b, 8, 0]), "1:2 is not UTF-8"],
    ["nothing", new Uint8Array(), "1:1 is empty"],
    ["5 MB of zeros", new Uint8Array(5_000_000), "1:1 has 5000000 bytes; expected at most 262144"],
  ];
  for (const [name, bytes, fault] of REFUSED) {
    test(name, () => {
      const found = rawFaultsOf(() => parseManifestBytes(bytes)).map(describeFault);
      expect(found).toHaveLength(1);
      expect(found[0]).toStartWith(fault);
    });
  }

  test("262,144 bytes are still read, one more is not", () => {
    const fill = MANIFEST_BYTES_MAX - WHOLE.length - 2;
    expect(parseManifestBytes(bytesOf(WHOLE, `#${"x".repeat(fill)}\n`)).manifest.name).toBe("pip");
    expect(() => parseManifestBytes(bytesOf(WHOLE, `#${"x".repeat(fill + 1)}\n`))).toThrow("has 262145 bytes");
  });
});

describe("the error", () => {
  function errorOf(text: string): CoopError {
    try {
      parseManifest(text);
    } catch (thrown) {
      if (thrown instanceof CoopError) return thrown;
      throw thrown;
    }
    throw new Error("was not refused");
  }

  test("of one slip says what to write", () => {
    const error = errorOf(`${WHOLE}tool: [bash]\n`);
    expect(error.message).toBe('invalid manifest: 7:1 tool: unknown key; did you mean "tools"?');
    expect(error.next).toBe('Write "tools" in line 7.');
    expect(error.details).toEqual({
      faults: [{ line: 7, column: 1, path: "tool", message: "unknown key", nearest: "tools" }],
    });
  });

  test("of several faults gives each a line, and the command that checks the file", () => {
    const error = errorOf(`${WHOLE}tools: bash\nsex: 3\n`);
    expect(error.message).toBe(
      'invalid manifest: 2 faults\n  7:8 tools: is "bash"; expected a list\n  8:6 sex: is "3"; expected one of hen, rooster',
    );
    expect(error.next).toContain("coop validate FILE");
    expect(JSON.parse(JSON.stringify(error.details))).toEqual(error.details);
  });

  test("of text that is no YAML says so in the original's words", () => {
    expect(errorOf("a: b: c").message).toStartWith("invalid manifest: 1:4 yaml parse error: ");
  });

  test("never carries a control character of the text, nor much of it", () => {
    const error = errorOf(`${WHOLE}"\\e[31m${"x".repeat(5000)}": "\\u202e"\nname: "\\e]0;x\\a"\nsex: "\\x9b1m"\n`);
    expect(error.message).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
    expect(error.message.length).toBeLessThan(1000);
    for (const foreign of [`*${"x\u202e".repeat(5000)}`, `!${"x\u202e".repeat(5000)} y`, `"\\${"\u202e".repeat(9)}"`]) {
      const { message } = errorOf(`${WHOLE}metadata: {a: ${foreign}}\n`);
      expect(message).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
      expect(message.length).toBeLessThan(1000);
    }
  });
});

describe("a scalar is what its key asks for", () => {
  test("text, whatever YAML would make of it", () => {
    for (const [source, text] of [
      ["1.0", "1.0"],
      ["007", "007"],
      ["0x1F", "0x1F"],
      ["true", "true"],
      ["off", "off"],
      ["2026-01-01", "2026-01-01"],
      ["'a'", "a"],
      ["!!str 5", "5"],
    ] as const) {
      expect(parseManifest(withBrain(`  {model: ${source}, provider_id: 'vault:k'}`)).manifest.brain.model).toBe(text);
    }
  });

  test("null where it may be, by nothing, ~ or null; the word null in quotes is text", () => {
    for (const source of ["", "~", "null", "Null", "NULL"]) {
      expect(
        parseManifest(`${WHOLE}personality: {system_prompt: ${source}}\n`).manifest.personality?.system_prompt,
      ).toBeNull();
      expect(parseManifest(`${WHOLE}limits: {max_turns: ${source}}\n`).manifest.limits?.max_turns).toBeNull();
    }
    expect(parseManifest(`${WHOLE}personality: {system_prompt: "null"}\n`).manifest.personality?.system_prompt).toBe(
      "null",
    );
  });

  test("a boolean in three spellings and no more", () => {
    for (const source of ["true", "True", "TRUE"]) {
      expect(
        parseManifest(`${WHOLE}lease: {allow_lease: ${source}, require_framework: false}\n`).manifest.lease
          ?.allow_lease,
      ).toBe(true);
    }
    for (const source of ["yes", "on", "y", "tRUE", "1"]) {
      expect(faultsOf(`${WHOLE}lease: {stream_enabled: ${source}}\n`)).toHaveLength(1);
    }
  });

  test("an empty list or map where nothing stands", () => {
    const { manifest } = parseManifest(`${WHOLE}tools:\nmetadata:\nmemory:\nsandbox:\nlease:\n  topic_filter:\n`);
    expect(manifest.tools).toEqual([]);
    expect(manifest.metadata).toEqual({});
    expect(manifest.memory).toEqual({
      episodic_retention_days: null,
      semantic_summarize_every: null,
      inherit_from: null,
    });
    expect(manifest.sandbox).toEqual({ read: [] });
    expect(manifest.lease?.topic_filter).toEqual({ deny_keywords: [], allow_keywords: [] });
  });

  test("anything in metadata, as JSON", () => {
    const { manifest } = parseManifest(
      `${WHOLE}metadata: {a: [1, 1.5, -0x10, 007, yes, ~, "~", true, 1e3, .5, ''], constructor: {b: {}}, "": x, 1: y}\n`,
    );
    expect(JSON.stringify(manifest.metadata)).toBe(
      '{"1":"y","a":[1,1.5,-16,"007","yes",null,"~",true,1000,0.5,""],"constructor":{"b":{}},"":"x"}',
    );
    expect(Object.getPrototypeOf(manifest.metadata)).toBe(Object.prototype);
  });
});

test("aliases repeat what they name, also as keys", () => {
  const { manifest } = parseManifest(`${WHOLE}metadata: {a: &a {b: &k c}, d: *a, *k : [*k]}\n`);
  expect(manifest.metadata).toEqual({ a: { b: "c" }, d: { b: "c" }, c: ["c"] });
});

test("30 levels of metadata are read", () => {
  const deep = `${"{a: ".repeat(30)}1${"}".repeat(30)}`;
  expect(JSON.stringify(parseManifest(`${WHOLE}metadata: ${deep}\n`).manifest.metadata)).toBe(
    `${'{"a":'.repeat(30)}1${"}".repeat(30)}`,
  );
});

test("CR LF line ends mean the same as LF", () => {
  const text = `${WHOLE}personality:\n  system_prompt: |\n    one\n    two\n`;
  expect(parseManifest(text.replaceAll("\n", "\r\n")).manifest).toEqual(parseManifest(text).manifest);
});

test("a manifest of the original's, as its API returns it, is read and filled in", () => {
  const original = `{"spec_version":"coop/v1","name":"maple","sex":"hen","agent_kind":"anthropic",
  "brain":{"provider_id":"vault:key-a","provider":"anthropic","base_url":null,"model":"claude-sonnet-4-5-20250929",
   "capabilities_required":null,"fallbacks":[{"provider_id":"none","provider":"openai-compat","base_url":"http://127.0.0.1:8080/v1","model":"tiny-local"}],
   "fallback_provider_ids":[],"auto_route":false,"cache":false},
  "tools":["bash","file_read"],"personality":{"system_prompt":"Be brief.","traits":{}},"visual":null,
  "memory":{"episodic_retention_days":30,"semantic_summarize_every":null,"inherit_from":null},
  "resources":null,"scheduling":null,
  "lease":{"allow_lease":false,"base_price_grain_per_hour":null,"min_renter_trust":null,"stream_enabled":false,"spectator_enabled":false,"intervention_allowed":false,"require_framework":true,"allowed_tools":null,"topic_filter":{"deny_keywords":["x"],"allow_keywords":[]}},
  "network":{"policy":"allowlist","allow":[{"host":"api.example.org","ports":[443]}]},
  "metadata":{}}`;
  const { manifest } = parseManifest(original);
  expect(manifest).toMatchObject(JSON.parse(original));
  expect(parseManifest(JSON.stringify(manifest)).manifest).toEqual(manifest);
});

test("each key that nothing acts on warns where it is given, and only where it asks for something", () => {
  const quiet = `${WHOLE}resources: ~\nlimits: {tokens: ~}\nlease: {stream_enabled: false}\npersonality: {traits: {}}\nagent: {idle_secs: ~}\n`;
  expect(parseManifest(quiet).warnings).toEqual([]);
  const loud = `spec_version: coop/v1
name: pip
brain:
  provider_id: none
  model: m
  base_url: http://a/
  auto_route: true
  cache: true
  fallbacks: [{model: m, provider_id: "vault:k"}]
  fallback_provider_ids: [a]
  capabilities_required: {vision: true}
agent: {idle_secs: 3}
personality: {traits: {brave: true}}
memory: {semantic_summarize_every: 3}
resources: {ram_limit_mb: 64, ram_request_mb: 1, cpu_limit: 1, cpu_request: 1, disk_mb: 1, prefer_roost: a}
scheduling: {placement: a, restart_policy: b, max_concurrent_jobs: 2}
limits: {tokens: 5, cost_usd: 0.5, max_turns: 3}
retention: {jobs_days: 3}
lease: {base_price_grain_per_hour: 1, min_renter_trust: 1, stream_enabled: true, spectator_enabled: true, intervention_allowed: true}
`;
  expect(parseManifest(loud).warnings.map((warning) => `${warning.line} ${warning.path}`)).toEqual([
    "4 brain.provider_id",
    "6 brain.base_url",
    "10 brain.fallback_provider_ids",
    "12 agent",
    "13 personality.traits",
    "14 memory.semantic_summarize_every",
    "15 resources.ram_request_mb",
    "15 resources.cpu_request",
    "15 resources.prefer_roost",
    "16 scheduling.placement",
    "16 scheduling.restart_policy",
    "19 lease.base_price_grain_per_hour",
    "19 lease.min_renter_trust",
    "19 lease.stream_enabled",
    "19 lease.spectator_enabled",
    "19 lease.intervention_allowed",
  ]);
});
