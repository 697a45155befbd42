import { describe, expect, test } from "bun:test";
import { manifestWith } from "../testing/hens.ts";
import { agentProgramOf, isTerminalKind, terminalPathOf } from "./agent-program.ts";
import { judgeAgentEnd, NO_DEATHS, RELAUNCHES_MAX } from "./relaunch.ts";

test("each kind has its program, a custom agent its command line, and every other hen a shell", () => {
  const argvOf = (kind: "claude-code" | "codex" | "gh-copilot" | "shell" | "anthropic" | "custom") => {
    const { argv, isAgent } = agentProgramOf(manifestWith({ agent_kind: kind, agent_command: ["my-agent", "-q"] }));
    return [...argv, isAgent];
  };
  expect(argvOf("claude-code")).toEqual(["claude", true]);
  expect(argvOf("codex")).toEqual(["codex", true]);
  expect(argvOf("gh-copilot")).toEqual(["copilot", true]);
  expect(argvOf("custom")).toEqual(["my-agent", "-q", true]);
  expect(argvOf("shell")).toEqual(["bash", false]);
  expect(argvOf("anthropic")).toEqual(["bash", false]);
  expect(["anthropic", "shell", "codex", "custom"].map((kind) => isTerminalKind(kind as "codex"))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test("what a manifest lets be read is looked into first, and cannot name two places at once", () => {
  const path = terminalPathOf(manifestWith({ sandbox: { read: ["/opt/claude", "/srv/a:/srv/b"] } }));
  expect(path.split(":").slice(0, 4)).toEqual([
    "/opt/claude",
    "/opt/claude/bin",
    "/opt/claude/node_modules/.bin",
    "/usr/local/bin",
  ]);
  expect(path).not.toContain("/srv");
  expect(terminalPathOf(manifestWith())).toBe("/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
});

describe("an agent that ended", () => {
  const died = { exitCode: 1, livedMs: 10 };

  test("is not started again when it was told to leave, nor for ever", () => {
    expect(judgeAgentEnd({ exitCode: 0, livedMs: 5 }, NO_DEATHS)).toEqual({ again: false, reason: "left" });
    expect(judgeAgentEnd(died, { count: RELAUNCHES_MAX })).toEqual({ again: false, reason: "dies_too_often" });
  });

  test("is started again with a growing pause, and a good while of life begins a new row", () => {
    expect(judgeAgentEnd(died, NO_DEATHS)).toEqual({ again: true, waitMs: 500, deaths: { count: 1 } });
    expect(judgeAgentEnd({ ...died, exitCode: -1 }, { count: 1 })).toMatchObject({ again: true, waitMs: 1000 });
    const later = judgeAgentEnd({ exitCode: 139, livedMs: 60_000 }, { count: RELAUNCHES_MAX });
    expect(later).toMatchObject({ again: true, waitMs: 500, deaths: { count: 1 } });
  });
});
