export type { HenFolder } from "./files/open-beneath.ts";
export { type FileStart, readBeneath } from "./files/read-beneath.ts";
export { type FileWrite, writeBeneath } from "./files/write-beneath.ts";
export type { UidRange } from "./host/uid-range.ts";
export type { CapturedOutput } from "./output/capture.ts";
export type { Pen, PenParts } from "./pen/pen.ts";
export { ARGUMENT_BYTES_MAX, type ConfinedExit, type ConfineSpec } from "./run/confine-spec.ts";
export { openSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
