import type { AgentKind, Manifest } from "../manifest/manifest.ts";

/** What a terminal runs for a hen. */
export interface AgentProgram {
  /** Program and arguments, looked for on the PATH inside the sandbox. */
  readonly argv: readonly string[];
  /** True for an agent of its own, which is started again when it dies; false for the farmer's shell. */
  readonly isAgent: boolean;
}

/** The programs of the kinds that have their own (contract/domain.md §9). */
const PROGRAMS: Readonly<Partial<Record<AgentKind, string>>> = {
  "claude-code": "claude",
  codex: "codex",
  "gh-copilot": "copilot",
};

/** What every Debian has, and what the tools run too. */
const SHELL: AgentProgram = { argv: ["bash"], isAgent: false };

/** The kind's own program, the command line of a custom agent, or a shell in the hen's folder. */
export function agentProgramOf({ agent_kind: kind, agent_command: command }: Manifest): AgentProgram {
  if (kind === "custom") return { argv: command, isAgent: true };
  const program = PROGRAMS[kind];
  return program === undefined ? SHELL : { argv: [program], isAgent: true };
}

/** True for a hen that lives in a terminal: it takes tasks and keys, and no jobs. */
export function isTerminalKind(kind: AgentKind): boolean {
  return kind !== "anthropic";
}

/** Where the profile's own programs lie. */
const SYSTEM_PATH = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/**
 * The PATH of a hen's terminal: what the manifest lets it read comes first, since it was added for its programs: each
 * folder itself, its `bin` and its `node_modules/.bin`.
 */
export function terminalPathOf({ sandbox }: Manifest): string {
  const added = (sandbox?.read ?? []).flatMap((path) => [path, `${path}/bin`, `${path}/node_modules/.bin`]);
  return [...added.filter((path) => !path.includes(":")), ...SYSTEM_PATH].join(":");
}
