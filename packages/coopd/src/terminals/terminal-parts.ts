import type { AgentKind, AgentProgram, Clock, HenId, ShellNotice } from "coopd-core";
import type { ConfinedTerminal, TerminalSize } from "coopd-sandbox";

/** What a hen's terminal is made of. */
export interface TerminalParts {
  readonly henId: HenId;
  readonly kind: AgentKind;
  readonly program: AgentProgram;
  /** The lease under which it was opened; no terminal outlives it. */
  readonly leaseId: string | null;
  /** Starts the program behind the hen's walls. @throws CoopError */
  readonly launch: (size: TerminalSize, signal: AbortSignal) => Promise<ConfinedTerminal>;
  /** Resolves when this terminal may work on a piece of its output; all terminals share the daemon's time. */
  readonly turn: () => Promise<void>;
  readonly clock: Clock;
  readonly size: TerminalSize;
  /** Shown first: what became of an earlier terminal. */
  readonly notice: string | undefined;
}

/** How a terminal ended: its program did, or it was ended for a reason. */
export type TerminalEnd = Extract<ShellNotice, { readonly type: "exit" | "error" }>;
