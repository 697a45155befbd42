import { nearestOf } from "../../text/nearest.ts";
import type { AgentKind } from "../manifest.ts";
import type { Report, Rule } from "./report.ts";

/** A custom agent has a command line, and no other kind has one. */
export const judgeAgent: Rule = ({ agent_kind: kind, agent_command: command }, report) => {
  if (kind === undefined || command === undefined) return;
  if (kind === "custom" && command.length === 0) {
    report("agent_kind", "is custom, and agent_command is empty", {
      expected: "its command line, as in [my-agent, -q]",
    });
  } else if (kind !== "custom" && command.length > 0) {
    report("agent_command", `is given, and agent_kind ${kind} has its own`, { expected: "agent_kind: custom with it" });
  }
};

/** What is granted, is granted once. */
export const judgeTools: Rule = (draft, report) => {
  refuseRepeats(draft.tools, "tools", report);
  refuseRepeats(draft.lease?.allowed_tools ?? undefined, "lease.allowed_tools", report);
};

function refuseRepeats(names: readonly (string | undefined)[] | undefined, path: string, report: Report): void {
  for (const [index, name] of names?.entries() ?? []) {
    const first = names?.indexOf(name) ?? index;
    if (name !== undefined && first < index) report(`${path}[${index}]`, `repeats ${path}[${first}], ${name}`);
  }
}

/** Kinds that bring their own framework (contract/domain.md §3). */
const FRAMEWORK_KINDS: readonly AgentKind[] = ["claude-code", "codex", "gh-copilot"];

/** A lease can only narrow what the hen has, and is for hens with a framework unless the farmer lifts that. */
export const judgeLease: Rule = ({ lease, agent_kind: kind, tools }, report) => {
  if (lease === undefined || lease === null) return;
  if (lease.allow_lease === true && lease.require_framework === true && kind !== undefined) {
    if (!FRAMEWORK_KINDS.includes(kind)) {
      report("lease.allow_lease", `is true, and agent_kind ${kind} has no framework`, {
        expected: `agent_kind ${FRAMEWORK_KINDS.join(", ")}, or require_framework: false`,
      });
    }
  }
  if (tools === undefined || tools.includes(undefined)) return;
  const granted = tools.filter((name) => name !== undefined);
  for (const [index, name] of lease.allowed_tools?.entries() ?? []) {
    if (name === undefined || granted.includes(name)) continue;
    report(`lease.allowed_tools[${index}]`, `${name} is not in tools`, {
      expected: granted.length === 0 ? "an empty list, since the hen has no tools" : `one of ${granted.join(", ")}`,
      nearest: nearestOf(name, granted),
    });
  }
};

/** Nobody can be promised more than they may use. */
export const judgeResources: Rule = ({ resources }, report) => {
  if (resources === undefined || resources === null) return;
  const pairs = [
    ["ram_request_mb", resources.ram_request_mb, "ram_limit_mb", resources.ram_limit_mb],
    ["cpu_request", resources.cpu_request, "cpu_limit", resources.cpu_limit],
  ] as const;
  for (const [name, request, limitName, limit] of pairs) {
    if (typeof request === "number" && typeof limit === "number" && request > limit) {
      report(`resources.${name}`, `is ${request}, above ${limitName}`, { expected: `at most ${limit}` });
    }
  }
};
