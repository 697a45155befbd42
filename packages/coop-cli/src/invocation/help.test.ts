import { expect, test } from "bun:test";
import { join } from "node:path";
import { ERROR_CODES } from "coopd-core";
import { EXIT_CODES } from "../failures/exit-codes.ts";
import { runCoop } from "../testing/run-coop.ts";
import { COMMANDS } from "./catalog.ts";
import { GLOBAL_OPTIONS } from "./command-spec.ts";
import { renderHelp, usageLine } from "./help.ts";
import { parseInvocation } from "./parse-invocation.ts";

const DOCS = await Bun.file(join(import.meta.dir, "../../../../docs/cli.md")).text();

test("help goes to stdout and is no error", async () => {
  for (const args of [["--help"], ["help"], ["hen", "--help"], ["help", "job", "run"], ["hen", "create", "-h"]]) {
    const { stdout, stderr, exitCode } = await runCoop(args);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toContain("Usage:\n  coop ");
  }
});

test("the help names every command, and each command its arguments, options and examples", () => {
  for (const command of COMMANDS) {
    expect(renderHelp([])).toContain(`  ${usageLine(command).slice("coop ".length)}`);
    const help = renderHelp(command.path);
    for (const { about } of command.arguments) expect(help).toContain(`  ${about}\n`);
    for (const { name } of [...command.options, ...GLOBAL_OPTIONS]) expect(help).toContain(`--${name}`);
    expect(command.examples.length).toBeGreaterThan(0);
  }
});

test("no line of any help is wider than a terminal of 110 columns", () => {
  const topics = [[], ["hen"], ["job"], ...COMMANDS.map(({ path }) => path)];
  const lines = topics.flatMap((topic) => renderHelp(topic).split("\n"));
  expect(lines.filter((line) => line.length > 110)).toEqual([]);
});

test("every example is a line that the parser takes", () => {
  for (const { path, examples } of COMMANDS) {
    for (const example of examples) {
      const line = example.split(/ \| | && /).find((part) => part.startsWith("coop ")) ?? "";
      const words =
        line
          .replace(/ [<>]\S+/g, "")
          .match(/"[^"]*"|\S+/g)
          ?.slice(1) ?? [];
      const invocation = parseInvocation(words.map((word) => word.replace(/^"(.*)"$/, "$1")));
      expect(invocation).toMatchObject({ kind: "run", command: { path } });
    }
  }
});

test("docs/cli.md has exactly the commands, options and exit codes that there are", () => {
  const documented = [...DOCS.matchAll(/^### `(coop [^`]+)`$/gm)].map((match) => match[1] ?? "");
  expect(documented).toEqual(COMMANDS.map(usageLine));
  for (const command of COMMANDS) {
    const start = DOCS.indexOf(`### \`${usageLine(command)}\``);
    const section = DOCS.slice(start, DOCS.indexOf("\n### ", start + 4));
    for (const { name } of command.options) expect(section).toContain(`--${name}`);
  }
  for (const { name } of GLOBAL_OPTIONS) expect(DOCS).toContain(`\`--${name}`);
  const codes = new Set([0, ...Object.values(ERROR_CODES).map(({ exit }) => exit), ...Object.values(EXIT_CODES)]);
  const rows = [...DOCS.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  expect(rows).toEqual([...codes].sort((a, b) => a - b));
});
