import { expect, test } from "bun:test";
import { COMMANDS } from "../invocation/catalog.ts";
import { complete } from "./candidates.ts";

function words(...line: string[]): readonly string[] {
  const completion = complete(COMMANDS, line);
  return completion.kind === "words" ? completion.candidates.map(({ word }) => word) : [`(${completion.kind})`];
}

test("where nothing can be known, nothing is offered", () => {
  expect(words("nonsense", "")).toEqual([]);
  expect(words("job", "run", "local.coop/a", "")).toEqual([]);
  expect(words("hen", "list", "--limit", "")).toEqual([]);
  expect(words("hen", "get", "local.coop/a", "")).toEqual([]);
  expect(words("hen", "files", "ls", "local.coop/a", "")).toEqual([]);
  expect(words("hen", "get", "--", "--")).toEqual(["(hens)"]);
});

test("commands, word by word, with what they do", () => {
  const first = words("");
  for (const word of ["hen", "job", "farm", "doctor", "completions"]) expect(first).toContain(word);
  expect(new Set(first).size).toBe(first.length);
  expect(words("he")).toEqual(["health", "hen"]);
  expect(words("hen", "files", "")).toEqual(["ls", "get"]);
  expect(words("-o", "json", "hen", "files", "g")).toEqual(["get"]);
  expect(words("farm", "st")).toEqual(["stop"]);
  expect(complete(COMMANDS, ["heal"])).toEqual({
    kind: "words",
    candidates: [{ word: "health", about: COMMANDS.find(({ path }) => path[0] === "health")?.summary ?? "" }],
  });
});

test("options are those of the command and the common ones; of values those that there are", () => {
  expect(words("hen", "list", "--st")).toEqual(["--state"]);
  expect(words("job", "list", "--st")).toEqual(["--status"]);
  expect(words("hen", "list", "--")).toContain("--token-file");
  expect(words("hen", "list", "--")).not.toContain("--status");
  expect(words("-o", "j")).toEqual(["json", "jsonl"]);
  expect(words("--output", "=", "y")).toEqual(["yaml"]);
  expect(words("--output", "=")).toEqual(["table", "json", "jsonl", "yaml"]);
  expect(words("token", "create", "--scope", "")).toEqual(["read", "operate", "admin"]);
  expect(words("completions", "")).toEqual(["candidates", "bash", "zsh", "fish"]);
});

test("hens and files where they belong", () => {
  expect(words("hen", "get", "")).toEqual(["(hens)"]);
  expect(words("hen", "delegate", "local.coop/a", "lo")).toEqual(["(hens)"]);
  expect(words("watch", "--hen", "")).toEqual(["(hens)"]);
  expect(words("hen", "create", "")).toEqual(["(files)"]);
  expect(words("validate", "a.yaml", "")).toEqual(["(files)"]);
  expect(words("vault", "init", "")).toEqual(["(files)"]);
  expect(words("--token-file", "")).toEqual(["(files)"]);
});

test("every command can be reached by completing it", () => {
  for (const { path } of COMMANDS) {
    path.forEach((word, i) => {
      expect(words(...path.slice(0, i), word.slice(0, 1))).toContain(word);
    });
  }
});
