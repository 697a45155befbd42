import type { Check } from "./check.ts";
import { CLI_CHECKS } from "./checks/cli.ts";
import { DAEMON_CHECKS } from "./checks/daemon.ts";
import { DELEGATE_CHECKS } from "./checks/delegate.ts";
import { DOOR_CHECKS } from "./checks/door.ts";
import { FARM_CHECKS } from "./checks/farm.ts";
import { HEN_CHECKS } from "./checks/hens.ts";
import { JOB_CHECKS } from "./checks/jobs.ts";
import { MANIFEST_CHECKS } from "./checks/manifest.ts";
import { MEMORY_CHECKS } from "./checks/memory.ts";
import { SHELL_CHECKS } from "./checks/shell.ts";
import { TASK_CHECKS } from "./checks/tasks.ts";
import { VAULT_CHECKS } from "./checks/vault.ts";
import { WATCH_CHECKS } from "./checks/watch.ts";
import { WIRE_CHECKS } from "./checks/wire.ts";

/** Every check, in the order in which they run. */
export const ALL_CHECKS: readonly Check[] = [
  ...FARM_CHECKS,
  ...WIRE_CHECKS,
  ...DOOR_CHECKS,
  ...HEN_CHECKS,
  ...MANIFEST_CHECKS,
  ...JOB_CHECKS,
  ...MEMORY_CHECKS,
  ...DELEGATE_CHECKS,
  ...WATCH_CHECKS,
  ...TASK_CHECKS,
  ...SHELL_CHECKS,
  ...VAULT_CHECKS,
  ...CLI_CHECKS,
  ...DAEMON_CHECKS,
];
