export { ATTACK_AREAS, type AttackArea } from "./attack/attempt.ts";
export { type AttackParts, type AttackResult, runAttacks } from "./attack/run-attacks.ts";
export { createDial, type Dial, type Dialled, type DialParts, type DialTarget } from "./dial/dial.ts";
export { createDialFetch, type DialFetchParts } from "./dial/dial-fetch.ts";
export { type EgressRefusal, refusalOf } from "./dial/refusal.ts";
export type { Resolve } from "./dial/resolver.ts";
export { type DoctorRow, OPTIONAL_ROWS, probeHost } from "./doctor/probe-host.ts";
export { type EntryKind, type FolderEntry, type FolderPage, lookBeneath, type OpenFile } from "./files/look-beneath.ts";
export type { HenFolder } from "./files/open-beneath.ts";
export { type FileStart, readBeneath } from "./files/read-beneath.ts";
export { type FileWrite, writeBeneath } from "./files/write-beneath.ts";
export { createGate, type GateParts } from "./gate/create-gate.ts";
export type { Door, DoorRequest, DoorSocket } from "./gate/door.ts";
export type { DatagramPort, Gate, GateSeat, HenListeners, Peer } from "./gate/gate.ts";
export { NAME_SERVER_PORT, PROXY_PORT, transparentPorts } from "./gate/transparent-ports.ts";
export type { UidRange } from "./host/uid-range.ts";
export { openSandbox } from "./open-sandbox.ts";
export type { CapturedOutput } from "./output/capture.ts";
export type { Pen, PenParts } from "./pen/pen.ts";
export { ARGUMENT_BYTES_MAX, type ConfinedExit, type ConfineSpec } from "./run/confine-spec.ts";
export type { Sandbox, SandboxOptions } from "./sandbox.ts";
export type { TerminalSize } from "./terminal/pty.ts";
export {
  type ConfinedTerminal,
  type TerminalExit,
  type TerminalSpec,
  toTerminalSize,
} from "./terminal/terminal-spec.ts";
