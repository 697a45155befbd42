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
    path: ["version"],
    summary: "show the versions of this program and of the daemon",
    arguments: [],
    options: [],
    examples: ["coop version"],
    load: () => import("../commands/version.ts"),
  },
];
