import { describe, expect, test } from "bun:test";
import { parseManifest } from "../parse.ts";
import { type BadManifest, beginnings, faultsOf, WHOLE } from "../testing/faults.ts";

const REFUSED: readonly BadManifest[] = [
  [
    "a custom agent without its command",
    "agent_kind: custom",
    "7:13 agent_kind: is custom, and agent_command is empty",
  ],
  [
    "a command without a custom agent",
    "agent_command: [x]",
    "7:16 agent_command: is given, and agent_kind anthropic has",
  ],
  ["an empty word of a command", "agent_kind: custom\nagent_command: ['']", "8:17 agent_command[0]: is empty"],
  [
    "an unknown tool",
    "tools: [bash, file_raed]",
    '7:15 tools[1]: is "file_raed"; expected one of bash, file_read, file_write, http, delegate; did you mean "file_read"?',
  ],
  ["a tool in the wrong case", "tools: [Bash]", '7:9 tools[0]: is "Bash"'],
  ["a tool that every object has", "tools: [toString]", '7:9 tools[0]: is "toString"'],
  ["a tool twice", "tools: [bash, http, bash]", "7:21 tools[2]: repeats tools[0], bash"],
  [
    "a lease of a hen without a framework",
    "lease: {allow_lease: true}",
    "7:22 lease.allow_lease: is true, and agent_kind anthropic has no framework; expected agent_kind claude-code, codex, gh-copilot, or require_framework: false",
  ],
  [
    "a lease of a shell",
    "agent_kind: shell\nlease: {allow_lease: true}",
    "8:22 lease.allow_lease: is true, and agent_kind shell",
  ],
  [
    "a leased tool that the hen has not",
    "tools: [bash]\nlease: {allowed_tools: [http]}",
    "8:25 lease.allowed_tools[0]: http is not in tools; expected one of bash",
  ],
  [
    "a leased tool of a hen without tools",
    "lease: {allowed_tools: [http]}",
    "7:25 lease.allowed_tools[0]: http is not in tools; expected an empty list",
  ],
  [
    "a leased tool twice",
    "tools: [bash]\nlease: {allowed_tools: [bash, bash]}",
    "8:31 lease.allowed_tools[1]: repeats",
  ],
  [
    "a keyword that is a list",
    "lease: {topic_filter: {deny_keywords: [[a]]}}",
    "7:40 lease.topic_filter.deny_keywords[0]: is a list",
  ],
  [
    "more memory asked for than allowed",
    "resources: {ram_request_mb: 512, ram_limit_mb: 256}",
    "7:29 resources.ram_request_mb: is 512, above ram_limit_mb; expected at most 256",
  ],
  [
    "more cores asked for than allowed",
    "resources: {cpu_request: 1.5, cpu_limit: 1}",
    "7:26 resources.cpu_request: is 1.5, above cpu_limit",
  ],
  [
    "no job at once",
    "scheduling: {max_concurrent_jobs: 0}",
    '7:35 scheduling.max_concurrent_jobs: is "0"; expected a whole number from 1 to 64',
  ],
  [
    "jobs kept no day",
    "retention: {jobs_days: 0}",
    '7:24 retention.jobs_days: is "0"; expected a whole number from 1 to 36500',
  ],
  [
    "a parent by its name alone",
    "memory: {inherit_from: aria}",
    "7:24 memory.inherit_from: is not a hen id; expected a full hen id",
  ],
  ["a relative host path", "sandbox: {read: [data]}", "7:18 sandbox.read[0]: is not absolute"],
  ["the whole host", "sandbox: {read: [/]}", "7:18 sandbox.read[0]: is the whole host"],
  ["the host's processes", "sandbox: {read: [/proc/1]}", "7:18 sandbox.read[0]: lies in /proc"],
  ["the host's sockets", "sandbox: {read: [/run]}", "7:18 sandbox.read[0]: lies in /run"],
  ["a path that climbs", "sandbox: {read: [/a/../etc]}", "7:18 sandbox.read[0]: has an empty part"],
  ["a path of two slashes", "sandbox: {read: [//etc]}", "7:18 sandbox.read[0]: has an empty part"],
  ["a path with NUL", 'sandbox: {read: ["/a\\0b"]}', "7:18 sandbox.read[0]: has a NUL character"],
  ["a path that ends in a slash", "sandbox: {read: [/srv/]}", "7:18 sandbox.read[0]: has an empty part"],
];

describe("a manifest is refused for", () => {
  for (const [name, lines, ...expected] of REFUSED) {
    test(name, () => {
      const found = faultsOf(`${WHOLE}${lines}\n`);
      expect(beginnings(found, expected)).toEqual(expected);
    });
  }
});

describe("a manifest is taken with", () => {
  for (const lines of [
    "agent_kind: custom\nagent_command: [my-agent, --quiet]",
    "tools: [bash, file_read, file_write, http, delegate]",
    "agent_kind: codex\nlease: {allow_lease: true}",
    "lease: {allow_lease: true, require_framework: false}",
    "tools: [bash, http]\nlease: {allowed_tools: [http]}",
    "tools: [bash]\nlease: {allowed_tools: []}",
    "scheduling: {max_concurrent_jobs: 64}",
    "limits: {max_turns: 0x10, wall_secs: 1e3, output_tokens: +5}",
    "sandbox: {read: [/srv/data, /opt/models]}",
  ]) {
    test(lines.replaceAll("\n", "; "), () => expect(faultsOf(`${WHOLE}${lines}\n`)).toEqual([]));
  }
});

test("a list that lets a lease use nothing is not the same as none", () => {
  const { manifest } = parseManifest(`${WHOLE}tools: [bash]\nlease: {allowed_tools: []}\n`);
  expect(manifest.lease?.allowed_tools).toEqual([]);
  expect(parseManifest(`${WHOLE}lease: {}\n`).manifest.lease?.allowed_tools).toBeNull();
});
