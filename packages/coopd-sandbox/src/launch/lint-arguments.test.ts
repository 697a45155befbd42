import { expect, test } from "bun:test";
import { readHostLayout } from "../host/host-layout.ts";
import { findHostPrograms, type HostPrograms } from "../host/host-programs.ts";
import { resourceLimits } from "../limits/resource-limits.ts";
import { hostNetNamespaceId, makeNetNamespace } from "../network/net-namespace.ts";
import { type BwrapPlan, bwrapArguments } from "./bwrap-arguments.ts";
import { commandLine } from "./command-line.ts";
import { ALL_WALLS } from "./launch-walls.ts";
import { lintArguments, lintNetwork } from "./lint-arguments.ts";

const HOME = "/home/aria";
const PLAN: BwrapPlan = {
  name: "aria",
  workdir: "/run/coop/x/200000",
  read: ["/srv/models"],
  env: { HOME },
  layout: readHostLayout(),
  walls: ALL_WALLS,
};
const ARGS = bwrapArguments(PLAN);
const isRoot = process.getuid?.() === 0;
const LAUNCH = {
  programs: foundPrograms(),
  argv: ["true"],
  join: undefined,
  limits: resourceLimits(null, 2 ** 30),
};

function foundPrograms(): HostPrograms {
  const programs = findHostPrograms(isRoot);
  if ("missing" in programs) throw new Error(programs.missing);
  return programs;
}

function withBefore(option: string, extra: readonly string[]): string[] {
  const at = ARGS.indexOf(option);
  return [...ARGS.slice(0, at), ...extra, ...ARGS.slice(at)];
}

const lint = (args: readonly string[]) => () => lintArguments(args, HOME, ALL_WALLS);

test("a mount below the writable bind is refused, behind it and before it", () => {
  expect(lint([...ARGS, "--ro-bind", "/usr", `${HOME}/usr`])).toThrow("behind every other mount");
  for (const extra of [
    ["--ro-bind", "/etc/passwd", `${HOME}/.config/x`],
    ["--tmpfs", `${HOME}/tmp`],
    ["--dir", `${HOME}/a/b`],
    ["--symlink", "/etc", `${HOME}/link`],
    ["--ro-bind-data", "9", HOME],
    ["--dev", `${HOME}/dev`],
    ["--proc", `${HOME}/proc`],
  ]) {
    expect(lint(withBefore("--bind", extra))).toThrow("lies in what the hen can write");
  }
});

test("a destination that says its place in other words is refused", () => {
  for (const path of ["/home/aria/../aria/x", "/home//aria/x", "/home/./aria", "home/aria", ""]) {
    expect(lint(withBefore("--bind", ["--tmpfs", path]))).toThrow("not a plain path");
  }
});

test("a second writable bind, another one's folder, or none is refused", () => {
  expect(lint(withBefore("--bind", ["--bind", "/srv", "/srv"]))).toThrow("one writable bind");
  expect(() => lintArguments(ARGS, "/home/otto", ALL_WALLS)).toThrow("one writable bind");
  const at = ARGS.indexOf("--bind");
  expect(lint([...ARGS.slice(0, at), ...ARGS.slice(at + 3)])).toThrow("one writable bind");
});

test("options outside of the profile are refused: other binds, file writes, capabilities", () => {
  for (const extra of [
    ["--dev-bind", "/dev", "/dev"],
    ["--bind-try", "/a", "/a"],
    ["--bind-fd", "3", "/a"],
    ["--file", "9", "/a"],
    ["--bind-data", "9", "/a"],
    ["--overlay-src", "/a"],
    ["--cap-add", "ALL"],
    ["--ro-bind-try", "/a", "/a"],
    ["--args", "9"],
    ["constructor"],
  ]) {
    expect(lint(withBefore("--bind", extra))).toThrow("not an option of the launch profile");
  }
});

test("a vector that lost one of its walls is refused", () => {
  for (const [option, values] of [
    ["--unshare-all", 0],
    ["--disable-userns", 0],
    ["--die-with-parent", 0],
    ["--cap-drop", 1],
    ["--seccomp", 1],
    ["--clearenv", 0],
    ["--share-net", 0],
  ] as const) {
    const at = ARGS.indexOf(option);
    expect(lint([...ARGS.slice(0, at), ...ARGS.slice(at + 1 + values)])).toThrow(`${option} is missing`);
  }
});

test("only a launch with a terminal may keep its session", () => {
  const inTerminal = bwrapArguments({ ...PLAN, hasTerminal: true });
  expect(lint(inTerminal)).toThrow("--new-session is missing");
  expect(() => lintArguments(inTerminal, HOME, ALL_WALLS, true)).not.toThrow();
});

test("a command line that keeps the host's network, or enters another one than the hen's, is refused", async () => {
  const host = { id: hostNetNamespaceId(), enter: ["--net=/proc/self/ns/net"] };
  const command = (network: { readonly enter: readonly string[] } | undefined) =>
    commandLine({ ...LAUNCH, network, uid: isRoot ? 200_000 : undefined });
  const lintOf = (words: readonly string[], network: { readonly id: number } | undefined) => () =>
    lintNetwork(words, LAUNCH.programs.bwrap, network);
  expect(lintOf(command(host), host)).toThrow("enters the host's network");
  expect(lintOf(command(undefined), host)).toThrow(isRoot ? "enters the host's network" : "does not enter");
  const own = await makeNetNamespace(LAUNCH.programs, isRoot);
  const other = await makeNetNamespace(LAUNCH.programs, isRoot);
  expect(own.id).not.toBe(other.id);
  expect(lintOf(command(other), own)).toThrow("another network");
  expect(lintOf(command({ enter: [...own.enter, ...host.enter] }), own)).toThrow("does not enter the hen's own");
  expect(lintOf(command(own), undefined)).toThrow("does not enter the hen's own");
  const behind = [...command({ enter: [] }), ...own.enter]; // of the hen's own command, which nsenter never reads
  expect(lintOf(behind, own)).toThrow("does not enter the hen's own");
  expect(lintOf(command(own), own)).not.toThrow();
  own.close();
  other.close();
});

test("a NUL in a value, which would begin another option, is refused", () => {
  expect(lint(bwrapArguments({ ...PLAN, env: { A: "x\0--bind\0/\0/" } }))).toThrow("NUL");
});

test("the profile itself passes, and its writable bind is its last mount", () => {
  expect(lint(ARGS)).not.toThrow();
  expect(ARGS.filter((word) => word === "--bind")).toHaveLength(1);
});
