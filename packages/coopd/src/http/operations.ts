import { ACCESS_OPERATIONS } from "./operations/access.ts";
import { ATTENTION_OPERATIONS } from "./operations/attention.ts";
import { EGRESS_OPERATIONS } from "./operations/egress.ts";
import { FARM_OPERATIONS } from "./operations/farm.ts";
import { HEN_OPERATIONS } from "./operations/hens.ts";
import { JOB_OPERATIONS } from "./operations/jobs.ts";
import { MANIFEST_OPERATIONS } from "./operations/manifests.ts";
import type { Operation } from "./operations/operation.ts";
import { SPEND_OPERATIONS } from "./operations/spend.ts";
import { TASK_OPERATIONS } from "./operations/tasks.ts";
import { TERMINAL_OPERATIONS } from "./operations/terminals.ts";
import { VAULT_OPERATIONS } from "./operations/vault.ts";

/** Every route of the API, in the order of the document. */
export const OPERATIONS: readonly Operation[] = [
  ...FARM_OPERATIONS,
  ...ATTENTION_OPERATIONS,
  ...ACCESS_OPERATIONS,
  ...HEN_OPERATIONS,
  ...MANIFEST_OPERATIONS,
  ...EGRESS_OPERATIONS,
  ...SPEND_OPERATIONS,
  ...JOB_OPERATIONS,
  ...TASK_OPERATIONS,
  ...VAULT_OPERATIONS,
  ...TERMINAL_OPERATIONS,
];
