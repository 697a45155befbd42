import { expect, test } from "bun:test";
import { parsePage } from "./page.ts";
import { toSteps } from "./steps.ts";

const steps = (...lines: readonly string[]) => toSteps(parsePage("docs/x.md", lines.join("\n")));

test("a block that a command could hide in is refused, with its place", () => {
  expect(() => steps("```", "coop farm", "```")).toThrow('docs/x.md:1: the block\'s language is ""');
  expect(() => steps("```bash", "coop farm", "```")).toThrow('language is "bash"');
  expect(() => steps("", "```text", "coop farm", "```")).toThrow("docs/x.md:2: has a command in it that nobody runs");
  expect(() => steps("```text", "$ npm start", "```")).toThrow("has a command in it");
});

test("a skip without a reason in words, an attribute that is unknown and an exit that is none are refused", () => {
  expect(() => steps("```sh skip", "ls", "```")).toThrow("skip wants a reason");
  expect(() => steps("```sh quiet", "ls", "```")).toThrow('sh knows no "quiet"');
  expect(() => steps("```sh exit=one", "ls", "```")).toThrow("exit wants a number");
});

test("an output that stands behind no block is refused", () => {
  expect(() => steps("```text output", "x", "```")).toThrow("an output stands right behind its sh block");
});

test("what is left are the steps of a reader, in order", () => {
  const page = [
    ...["```sh daemon", "coopd serve", "```", "```yaml file=a.yaml", "a: 1", "```", "```sh exit=2", "coop x", "```"],
    ...["```text output", "no …", "```", '```sh skip="needs systemd"', "systemctl start coopd", "```"],
  ];
  expect(steps(...page)).toEqual([
    { kind: "daemon", line: 1, script: "coopd serve\n" },
    { kind: "file", line: 4, name: "a.yaml", text: "a: 1\n" },
    { kind: "run", line: 7, script: "coop x\n", exit: 2, shows: "no …\n" },
    { kind: "skip", line: 13, reason: "needs systemd" },
  ]);
});
