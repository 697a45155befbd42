import { describe, expect, test } from "bun:test";
import { COMMANDS } from "./catalog.ts";
import { GLOBAL_OPTIONS } from "./command-spec.ts";
import { nearestTo } from "./nearest.ts";
import { parseInvocation } from "./parse-invocation.ts";

/** A command line as path, arguments and given options. */
function parse(line: string) {
  const invocation = parseInvocation(line.split(" ").filter((word) => word !== ""));
  if (invocation.kind !== "run") return invocation;
  const names = [...GLOBAL_OPTIONS, ...invocation.command.options].map(({ name }) => name);
  const given = names.filter((name) => invocation.options.flag(name));
  return {
    path: invocation.command.path.join(" "),
    args: invocation.args,
    options: Object.fromEntries(given.map((name) => [name, invocation.options.text(name) ?? true])),
  };
}

describe("global options", () => {
  test("stand anywhere on the line", () => {
    const expected = { path: "hen get", args: ["a/b"], options: { api: "http://x", output: "json", quiet: true } };
    expect(parse("--api http://x -o json -q hen get a/b") as unknown).toEqual(expected);
    expect(parse("hen --api=http://x get -q a/b --output json") as unknown).toEqual(expected);
    expect(parse("hen get a/b -qo json --api http://x") as unknown).toEqual(expected);
    expect(parse("hen get a/b -q -o=json --api http://x") as unknown).toEqual(expected);
  });

  test("given twice, the last one counts", () => {
    expect(parse("farm -o json -o yaml")).toMatchObject({ options: { output: "yaml" } });
  });
});

test("what stands behind -- is an argument, whatever it looks like", () => {
  expect(parse("job run a/b -- --wait")).toMatchObject({ path: "job run", args: ["a/b", "--wait"], options: {} });
  expect(parse("--quiet job run --wait -- a/b -h")).toMatchObject({
    args: ["a/b", "-h"],
    options: { wait: true, quiet: true },
  });
});

test("a value that begins with a dash needs =", () => {
  expect(() => parse("hen memory a/b --limit -5")).toThrow("--limit needs a value");
  expect(() => parse("hen memory a/b --limit")).toThrow("--limit needs a value");
  expect(parse("farm --token=-x")).toMatchObject({ options: { token: "-x" } });
});

test("an argument that begins with a dash is no row of short options, least of all one with -h in it", () => {
  const said =
    (...argv: string[]) =>
    () =>
      parseInvocation(["job", "run", "a/b", ...argv]);
  expect(said("- text: hi")).toThrow('unknown option "- text: hi"');
  expect(said("-hello")).toThrow('unknown option "-hello"');
  expect(said("-qV!")).toThrow('unknown option "-qV!"');
  expect(said(`-${"x".repeat(100)}`)).toThrow(/^unknown option "-x{39}…"$/);
  expect(said("-qh")()).toEqual({ kind: "help", topic: ["job", "run"] });
});

test("help wins over everything else on the line and knows what it is about", () => {
  expect(parse("--help")).toEqual({ kind: "help", topic: [] });
  expect(parse("hen create -h --nonsense")).toEqual({ kind: "help", topic: ["hen", "create"] });
  expect(parse("hen get local.coop/x --help")).toEqual({ kind: "help", topic: ["hen", "get"] });
  expect(parse("help job run")).toEqual({ kind: "help", topic: ["job", "run"] });
  expect(parse("help")).toEqual({ kind: "help", topic: [] });
  expect(parse("-V")).toEqual({ kind: "version" });
  expect(parse("version")).toMatchObject({ path: "version" });
});

test("a group alone is incomplete", () => {
  expect(parse("")).toEqual({ kind: "incomplete", topic: [] });
  expect(parse("-q hen")).toEqual({ kind: "incomplete", topic: ["hen"] });
});

test("no option means two things, so that the line can be read before the command is known", () => {
  const kinds = new Map<string, string>();
  for (const { name, short = "", value } of [...GLOBAL_OPTIONS, ...COMMANDS.flatMap(({ options }) => options)]) {
    const kind = `${short} ${value === undefined ? "flag" : "value"}`;
    expect(kinds.get(name) ?? kind).toBe(kind);
    kinds.set(name, kind);
  }
  const shorts = GLOBAL_OPTIONS.flatMap(({ short }) => short ?? []);
  expect(new Set(shorts).size).toBe(shorts.length);
});

test("the nearest word is the one that was meant, or none", () => {
  const words = ["create", "list", "get", "hatch", "sleep", "wake", "delete", "memory", "forget"];
  const meant = ["crate", "lsit", "gte", "hacth", "dleete", "memroy", "LIST", "zzz", "", "x".repeat(10_000)];
  expect(meant.map((word) => nearestTo(word, words))).toEqual([
    "create",
    "list",
    "get",
    "hatch",
    "delete",
    "memory",
    "list",
    undefined,
    undefined,
    undefined,
  ]);
});
