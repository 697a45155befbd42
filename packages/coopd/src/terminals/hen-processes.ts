import type { Hen, HostWalls } from "coopd-core";
import type { ConfinedExit, ConfinedTerminal, ConfineSpec, TerminalSpec } from "coopd-sandbox";

/** Processes of hens, behind their walls; compose.ts hands it in. */
export interface HenProcesses {
  readonly walls: HostWalls;
  openTerminal(hen: Hen, spec: TerminalSpec): Promise<ConfinedTerminal>;
  confine(hen: Hen, spec: ConfineSpec): Promise<ConfinedExit>;
}
