import { expect, test } from "bun:test";
import type { Instant, TaskId } from "../ids/brand.ts";
import { AGENT_KINDS, type AgentKind } from "../manifest/manifest.ts";
import { createTask, fitsTask } from "./task.ts";

function taskFor(kind: AgentKind | null) {
  const at = "2026-03-01T10:00:00Z" as Instant;
  const id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f" as TaskId;
  return createTask({ id, prompt: "tidy", kind, leaseId: null, at });
}

test("a task for any kind fits the three command line agents, and never a raw shell or a hen of the daemon", () => {
  expect(AGENT_KINDS.filter((kind) => fitsTask(taskFor(null), kind))).toEqual(["claude-code", "codex", "gh-copilot"]);
});

test("a task for one kind fits that kind alone, and a hen of the daemon never: its prompt would be a shell's command", () => {
  expect(AGENT_KINDS.filter((other) => fitsTask(taskFor("anthropic"), other))).toEqual([]);
  for (const kind of AGENT_KINDS.filter((each) => each !== "anthropic")) {
    expect(AGENT_KINDS.filter((other) => fitsTask(taskFor(kind), other))).toEqual([kind]);
  }
});
