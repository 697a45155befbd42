export { COMMANDS } from "./catalog.ts";
export { type CommandSpec, GLOBAL_OPTIONS, type OptionSpec } from "./command-spec.ts";
export { usageLine } from "./help.ts";
