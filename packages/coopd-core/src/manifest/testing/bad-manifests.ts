import { type BadManifest, WHOLE, withBrain } from "./faults.ts";

const ONE_LINE_BRAIN = "brain: {provider: script, model: demo, provider_id: none}\n";

/** `count` lines. */
export function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

const NOT_A_MANIFEST: readonly BadManifest[] = [
  ["an empty text", "", "1:1 is empty; expected a map of keys, starting with spec_version: coop/v1"],
  ["a comment alone", "# nothing\n", "1:1 is empty"],
  ["a document mark alone", "---\n", "1:1 is empty"],
  ["null", "~", "1:1 is null; expected a map of keys"],
  ["a word", "hello", '1:1 is "hello"; expected a map of keys'],
  ["a number", "42", '1:1 is "42"; expected a map of keys'],
  ["a list", "- a\n- b\n", "1:1 is a list; expected a map of keys"],
  ["a JSON list", "[1,2]", "1:1 is a list"],
  ["a web page", "<!doctype html>\n<html></html>", '1:1 is "<!doctype html> <html></html>"'],
  ["two documents", `${WHOLE}---\n${WHOLE}`, "7:1 a second document starts here; expected one document"],
  ["JSON cut off", '{"name":"pip",', "1:15 yaml parse error: Flow map must end with a }"],
  ["TOML", "[brain]\nmodel = 'x'\n", "2:1 yaml parse error: "],
];

const NOT_YAML: readonly BadManifest[] = [
  ["an open quote", 'name: "pip\n', '2:1 yaml parse error: Missing closing "quote'],
  ["an open list", `${WHOLE}tools: [bash\n`, "8:1 yaml parse error: "],
  ["a tab as indentation", "brain:\n\tmodel: x\n", "2:1 yaml parse error: Tabs are not allowed as indentation"],
  ["an unknown escape", `${WHOLE}metadata: {a: "\\q"}\n`, "7:16 yaml parse error: Invalid escape sequence \\q"],
  ["two keys in one line", "name: a: b", "1:7 yaml parse error: Nested mappings"],
  ["a reserved character", `${WHOLE}metadata: {a: @x}\n`, "7:15 yaml parse error: Plain value cannot start with"],
  ["a key of 2,000 characters", `${WHOLE}${"x".repeat(2000)}: 1\n`, "7:1 yaml parse error: The : indicator must be"],
  [
    "a core tag",
    `${WHOLE}limits: {max_turns: !!int 3}\n`,
    "7:21 yaml parse error: Unresolved tag: tag:yaml.org,2002:int",
  ],
  ["a set", `${WHOLE}tools: !!set {bash}\n`, "7:8 yaml parse error: Unresolved tag: tag:yaml.org,2002:set"],
  [
    "an ordered map",
    `${WHOLE}metadata: !!omap [a: 1]\n`,
    "7:11 yaml parse error: Unresolved tag: tag:yaml.org,2002:omap",
  ],
  ["a tag of its own", `${WHOLE}tools: !wide [bash]\n`, "7:8 yaml parse error: Unresolved tag: !wide"],
  ["an unknown directive", `%FOO bar\n---\n${WHOLE}`, "1:1 yaml parse error: Unknown directive %FOO"],
  ["YAML 2.0", `%YAML 2.0\n---\n${WHOLE}`, "1:7 yaml parse error: Unsupported YAML version 2.0"],
  ["a byte order mark", `\ufeff${WHOLE}`, "1:1 starts with a byte order mark; expected text in UTF-8 without"],
  ["a NUL byte", `${WHOLE}\0`, "7:1 has the character U+0000, which YAML does not allow"],
  ["an escape sequence", `${WHOLE}\u001b[0m`, "7:1 has the character U+001B"],
  ["a C1 control", `${WHOLE}metadata: {a: \u0090}\n`, "7:15 has the character U+0090"],
  ["half a surrogate pair", `${WHOLE}metadata: {a: \ud800}\n`, "7:15 has the character U+D800"],
  ["old Mac line ends", WHOLE.replaceAll("\n", "\r"), "1:22 has a carriage return without a line feed"],
];

const ALIASES_AND_KEYS: readonly BadManifest[] = [
  ["an alias without its anchor", `${WHOLE}tools: *t\n`, "7:8 alias *t has no anchor before it"],
  ["an alias before its anchor", `${WHOLE}metadata: {a: *x, b: &x 1}\n`, "7:15 alias *x has no anchor before it"],
  ["a list inside itself", `${WHOLE}metadata: {a: &a [*a]}\n`, "7:19 alias *a stands inside the value that it repeats"],
  ["a map inside itself", `${WHOLE}metadata: &m\n  again: *m\n`, "8:10 alias *m stands inside the value"],
  ["the document inside itself", "&r\nname: *r\n", "2:7 alias *r stands inside the value"],
  ["a list as a key", `${WHOLE}? [a]\n: b\n`, "7:3 has a list as a key"],
  ["a value without a key", `${WHOLE}: b\n`, "7:1 has a value without a key"],
  ["a merge key", `${WHOLE}<<: {sex: hen}\n`, '7:1 ["<<"]: unknown key'],
  [
    "a merge key over an alias",
    withBrain("  <<: &b {provider: script}\n  model: demo\n  provider_id: none"),
    '4:3 brain["<<"]: unknown key',
  ],
  ["a key twice", `${WHOLE}name: pop\n`, "7:1 name: duplicate key, first at 2:1"],
  ["a key twice, once in quotes", `${WHOLE}"name": x\n`, "7:1 name: duplicate key, first at 2:1"],
  [
    "a policy twice",
    `${WHOLE}network: {policy: off, policy: open}\n`,
    "7:24 network.policy: duplicate key, first at 7:11",
  ],
  ["a key twice in metadata", `${WHOLE}metadata:\n  a: 1\n  a: 2\n`, "9:3 metadata.a: duplicate key, first at 8:3"],
  ["a key twice by alias", `${WHOLE}metadata: {&k a: 1, *k : 2}\n`, "7:21 metadata.a: duplicate key, first at 7:15"],
  ["__proto__", `${WHOLE}__proto__: {sex: rooster}\n`, "7:1 __proto__: unknown key"],
  [
    "__proto__ inside",
    `${WHOLE}network: {policy: off, __proto__: {allow: []}}\n`,
    "7:24 network.__proto__: unknown key",
  ],
  [
    "__proto__ in metadata",
    `${WHOLE}metadata: {a: {__proto__: 1}}\n`,
    "7:16 metadata.a.__proto__: is a key that JavaScript",
  ],
  ["constructor", `${WHOLE}constructor: 1\n`, "7:1 constructor: unknown key"],
  ["a method of every object", `${WHOLE}limits: {hasOwnProperty: 1}\n`, "7:10 limits.hasOwnProperty: unknown key"],
  ["a slip in a key", `${WHOLE}tool: [bash]\n`, '7:1 tool: unknown key; did you mean "tools"?'],
  ["a key in the wrong case", `${WHOLE}Tools: []\n`, '7:1 Tools: unknown key; did you mean "tools"?'],
  ["a key like no other", `${WHOLE}quux: 1\n`, "7:1 quux: unknown key; expected one of spec_version, name,"],
  ["a key that needs quotes", `${WHOLE}"a b\\u202e": 1\n`, '7:1 ["a b\\u202e"]: unknown key'],
];

const BOMBS: readonly BadManifest[] = [
  ["5 MB", "a: b\n".repeat(1_000_000), "1:1 has 5000000 bytes; expected at most 262144"],
  ["one byte too much, in two-byte letters", `#${"ä".repeat(131_072)}`, "1:1 has 262145 bytes"],
  ["200,000 open lists", "[".repeat(200_000), "1:35 is nested too deeply; expected at most 32 levels"],
  ["200,000 open maps", "{".repeat(200_000), "1:35 is nested too deeply"],
  ["100,000 lists in one line", "- ".repeat(100_000), "1:68 is nested too deeply"],
  ["100,000 keys of keys", "? ".repeat(100_000), "1:68 is nested too deeply"],
  ["40 lists in metadata", `${WHOLE}metadata: {a: ${"[".repeat(40)}${"]".repeat(40)}}\n`, "7:47 is nested too deeply"],
  [
    "a deep value made of aliases",
    `${WHOLE}metadata:\n  a0: &a0 [x]\n${lines(100, (i) => `  a${i + 1}: &a${i + 1} [*a${i}]\n`)}`,
    "8:12 metadata.a30[0][0]",
  ],
  [
    "a billion laughs",
    `${WHOLE}metadata:\n  l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n${lines(9, (i) => `  l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]\n`)}`,
    "8:22 metadata.l5[3][8][5][5][2][5]: aliases repeat too much",
  ],
  [
    "a long text repeated",
    `${WHOLE}metadata:\n  a: &a ${"x".repeat(200_000)}\n  b: [*a,*a,*a,*a,*a,*a]\n`,
    "8:9 metadata.b[4]: aliases repeat too much",
  ],
  [
    "100,000 tokens",
    `${WHOLE}tools: [${"bash,".repeat(50_000)}]\n`,
    "7:83263 has too many parts; expected at most 50000 YAML tokens",
  ],
  ["80,000 aliases", `${WHOLE}metadata: [&a x, ${"*a,".repeat(80_000)}]\n`, "7:74937 has too many parts"],
  ["130,000 quotes", '"'.repeat(260_000), "1:99999 has too many parts"],
  ["260,000 closing brackets", "]".repeat(260_000), "1:50000 has too many parts"],
];

const WRONG_SHAPES: readonly BadManifest[] = [
  ["no spec_version", `name: pip\n${ONE_LINE_BRAIN}`, "1:1 spec_version: is missing; expected coop/v1"],
  ["another spec_version", WHOLE.replace("v1", "v2"), '1:15 spec_version: is "coop/v2"; expected coop/v1'],
  ["a null spec_version", WHOLE.replace("coop/v1", "~"), "1:15 spec_version: is null"],
  ["no name", `spec_version: coop/v1\n${ONE_LINE_BRAIN}`, "1:1 name: is missing; expected 1-32 characters of a-z"],
  ["a name in upper case", WHOLE.replace("pip", "Pip"), "2:7 name: is not a hen name; expected 1-32 characters"],
  ["a long name", WHOLE.replace("pip", "p".repeat(33)), "2:7 name: has 33 characters"],
  ["an empty name", WHOLE.replace("pip", ""), "2:7 name: is empty"],
  ["a number as a name", WHOLE.replace("pip", "123"), "2:7 name: is not a hen name"],
  ["a list as a name", WHOLE.replace("pip", "[a]"), "2:7 name: is a list"],
  ["a name with NUL in it", WHOLE.replace("pip", '"p\\0"'), "2:7 name: has a NUL character"],
  ["no brain", "spec_version: coop/v1\nname: pip\n", "1:1 brain: is missing; expected a map"],
  ["a null brain", "spec_version: coop/v1\nname: pip\nbrain: ~\n", "3:8 brain: is null; expected a map"],
  [
    "an empty brain",
    "spec_version: coop/v1\nname: pip\nbrain:\n",
    "3:7 brain.provider_id: is missing",
    "3:7 brain.model: is missing",
  ],
  ["a word as brain", "spec_version: coop/v1\nname: pip\nbrain: claude\n", '3:8 brain: is "claude"; expected a map'],
  ["a map for a list", `${WHOLE}tools: {bash: true}\n`, "7:8 tools: is a map; expected a list"],
  ["a word for a list", `${WHOLE}tools: bash\n`, '7:8 tools: is "bash"; expected a list'],
  ["null for a list", `${WHOLE}tools: ~\n`, "7:8 tools: is null; expected a list"],
  ["null for a map", `${WHOLE}metadata: ~\n`, "7:11 metadata: is null; expected a map"],
  ["a list for a map", `${WHOLE}metadata: [a]\n`, "7:11 metadata: is a list; expected a map"],
  [
    "null in a list",
    `${WHOLE}tools: [~]\n`,
    "7:9 tools[0]: is null; expected one of bash, file_read, file_write, http, delegate",
  ],
  ["a list in a list", `${WHOLE}tools: [[bash]]\n`, "7:9 tools[0]: is a list"],
  [
    "an enum in the wrong case",
    `${WHOLE}agent_kind: Shell\n`,
    '7:13 agent_kind: is "Shell"; expected one of anthropic, claude-code, codex, gh-copilot, shell, custom; did you mean "shell"?',
  ],
  [
    "yes for true",
    withBrain("  {provider: script, model: demo, provider_id: none, cache: yes}"),
    '4:61 brain.cache: is "yes"; expected true or false; did you mean "true"?',
  ],
  [
    "off for false",
    `${WHOLE}lease: {stream_enabled: off}\n`,
    '7:25 lease.stream_enabled: is "off"; expected true or false; did you mean "false"?',
  ],
  [
    "true in quotes",
    `${WHOLE}lease: {stream_enabled: 'true'}\n`,
    '7:25 lease.stream_enabled: is the text "true"; expected true or false',
  ],
  [
    "a number in quotes",
    `${WHOLE}limits: {max_turns: "16"}\n`,
    '7:21 limits.max_turns: is the text "16"; expected a whole number from 1 to 10000',
  ],
  ["a fraction", `${WHOLE}limits: {max_turns: 1.5}\n`, '7:21 limits.max_turns: is "1.5"; expected a whole number'],
  ["a number below its range", `${WHOLE}limits: {max_turns: 0}\n`, '7:21 limits.max_turns: is "0"'],
  ["a negative number", `${WHOLE}limits: {max_turns: -1}\n`, '7:21 limits.max_turns: is "-1"'],
  ["a leading zero, which is text", `${WHOLE}limits: {max_turns: 016}\n`, '7:21 limits.max_turns: is "016"'],
  [
    "a huge whole number",
    `${WHOLE}limits: {max_turns: 99999999999999999999}\n`,
    '7:21 limits.max_turns: is "99999999999999999999"',
  ],
  [
    "a number beyond a double",
    `${WHOLE}limits: {cost_usd: 1e999}\n`,
    '7:20 limits.cost_usd: is "1e999"; expected a number above 0',
  ],
  ["not a number", `${WHOLE}limits: {cost_usd: .nan}\n`, '7:20 limits.cost_usd: is ".nan"'],
  ["infinity", `${WHOLE}limits: {cost_usd: .inf}\n`, '7:20 limits.cost_usd: is ".inf"'],
  ["a boolean for a number", `${WHOLE}limits: {max_turns: true}\n`, '7:21 limits.max_turns: is "true"'],
  [
    "more than 32 bits",
    `${WHOLE}memory: {semantic_summarize_every: 4294967296}\n`,
    '7:36 memory.semantic_summarize_every: is "4294967296"',
  ],
  [
    "no cores",
    `${WHOLE}resources: {cpu_limit: 0}\n`,
    '7:24 resources.cpu_limit: is "0"; expected a number above 0, at most 1024',
  ],
  [
    "infinity in metadata",
    `${WHOLE}metadata: {a: [1, -.inf]}\n`,
    "7:19 metadata.a[1]: is -.inf, which JSON cannot hold",
  ],
  [
    "an id that would lose digits",
    `${WHOLE}metadata: {id: 123456789012345678}\n`,
    "7:16 metadata.id: has more digits than a number keeps; expected the number in quotes",
  ],
  ["half a pair by escape", `${WHOLE}metadata: {a: "\\ud800"}\n`, "7:15 metadata.a: has half a surrogate pair"],
  [
    "a wrong shape with CR LF line ends",
    `${WHOLE}tools: bash\n`.replaceAll("\n", "\r\n"),
    '7:8 tools: is "bash"; expected a list',
  ],
];

/** Texts that are no manifest, by kind: what it is, the text, the beginnings of the faults that must be named. */
export const BAD_MANIFESTS: Readonly<Record<string, readonly BadManifest[]>> = {
  "not a manifest": NOT_A_MANIFEST,
  "not yaml": NOT_YAML,
  "aliases and keys": ALIASES_AND_KEYS,
  bombs: BOMBS,
  "wrong shapes": WRONG_SHAPES,
};
