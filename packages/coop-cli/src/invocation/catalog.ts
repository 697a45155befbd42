import { ACCESS_COMMANDS } from "./access-commands.ts";
import { ATTENTION_COMMANDS } from "./attention-commands.ts";
import { CARE_COMMANDS } from "./care-commands.ts";
import type { CommandSpec } from "./command-spec.ts";
import { FARM_COMMANDS } from "./farm-commands.ts";
import { HEN_COMMANDS } from "./hen-commands.ts";
import { JOB_COMMANDS } from "./job-commands.ts";
import { MANIFEST_COMMANDS } from "./manifest-commands.ts";
import { NETWORK_COMMANDS } from "./network-commands.ts";
import { LEASE, ONCE } from "./shared-specs.ts";
import { SPEND_COMMANDS } from "./spend-commands.ts";
import { taskCommands } from "./task-commands.ts";
import { TERMINAL_COMMANDS } from "./terminal-commands.ts";
import { VAULT_COMMANDS } from "./vault-commands.ts";

/** Every command, in the order of the help. Each loads its own code, so that a quick one stays quick. */
export const COMMANDS: readonly CommandSpec[] = [
  ...FARM_COMMANDS,
  ...ATTENTION_COMMANDS,
  ...HEN_COMMANDS,
  ...NETWORK_COMMANDS,
  ...SPEND_COMMANDS,
  ...JOB_COMMANDS,
  ...taskCommands([LEASE, ONCE]),
  ...TERMINAL_COMMANDS,
  ...VAULT_COMMANDS,
  ...CARE_COMMANDS,
  ...ACCESS_COMMANDS,
  ...MANIFEST_COMMANDS,
  {
    path: ["demo"],
    summary: "run a farm of its own with a hen that has done a job, until Ctrl-C",
    arguments: [{ name: "DIR", about: "where it is kept [default nowhere: it is gone with Ctrl-C]", isOptional: true }],
    options: [],
    examples: ["coop demo", "coop demo ./farm"],
    notes:
      "Needs nothing but this program and bubblewrap: the hen's brain is a script. Where the environment has a key of a model provider, or this machine " +
      "a model server, a second hen is made that thinks with it; nothing is asked of it. Exit code 1 when the job is not done.",
    load: () => import("../commands/demo.ts"),
  },
  {
    path: ["completions"],
    summary: "print what makes a shell complete coop",
    arguments: [{ name: "SHELL", about: "bash, zsh or fish", choices: ["bash", "zsh", "fish"] }],
    options: [],
    examples: ["coop completions bash", "coop completions fish"],
    notes:
      "For every new shell: source <(coop completions bash) in ~/.bashrc, the same with zsh in ~/.zshrc behind compinit, and " +
      "coop completions fish > ~/.config/fish/completions/coop.fish. The Debian package brings all three.",
    load: () => import("../commands/completions.ts"),
  },
  {
    path: ["completions", "candidates"],
    summary: "print what could end a command line; the scripts ask this at each Tab",
    arguments: [{ name: "WORD", about: "everything behind coop, behind --; the last one may be empty", isMany: true }],
    options: [],
    examples: ['coop completions candidates -- hen get ""'],
    notes:
      "One a line, with a tab and what it is. Hens are asked of the daemon, for a second at most; :files stands for paths.",
    load: async () => (await import("../commands/completions-candidates.ts")).offerFrom(COMMANDS),
  },
  {
    path: ["version"],
    summary: "show the versions of this program and of the daemon",
    arguments: [],
    options: [],
    examples: ["coop version"],
    load: () => import("../commands/version.ts"),
  },
];
