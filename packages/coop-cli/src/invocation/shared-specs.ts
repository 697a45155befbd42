import type { OptionSpec } from "./command-spec.ts";

/** The argument that names a hen. */
export const HEN = { name: "HEN", about: "the hen's id, as local.coop/aria" } as const;

/** The argument that names a job. */
export const JOB = { name: "JOB", about: "the job's id, as coop job run prints it" } as const;

/** Of commands that wait. */
export const INTERVAL: OptionSpec = {
  name: "interval-s",
  value: "SECS",
  about: "how often to ask, where events cannot be watched [default 2]",
};

/** Of commands that wait. */
export const TIMEOUT: OptionSpec = {
  name: "timeout-s",
  value: "SECS",
  about: "give up waiting after this long, 0 never [default 600]; the job goes on",
};

/** Of commands that work without a daemon too. */
export const DATA_DIR: OptionSpec = {
  name: "data-dir",
  value: "DIR",
  about: "this data directory, which no daemon holds, instead of asking one",
};

/** Of commands that make something. */
export const ONCE: OptionSpec = {
  name: "idempotency-key",
  value: "KEY",
  about: "with the same key this is done once, however often it is said within a day",
};

/** Of commands that give work. */
export const LEASE: OptionSpec = { name: "lease", value: "ID", about: "run it under this lease of the hen" };
