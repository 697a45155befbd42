import { CoopError } from "coopd-core";
import type { TerminalSize } from "./pty.ts";

/** One program to run in a terminal for a hen. */
export interface TerminalSpec {
  /** Program and arguments, found on the PATH inside. */
  readonly argv: readonly string[];
  /** Added to the built environment; nothing of the daemon's is ever there. */
  readonly env?: Readonly<Record<string, string>>;
  readonly size: TerminalSize;
  /** Ends it, with everything in it. */
  readonly signal: AbortSignal;
}

/** How the program of a terminal ended; nothing of it runs any more. */
export interface TerminalExit {
  /** The program's; 128 + n for signal n, as shells say it; -1 when it was killed from outside. */
  readonly exitCode: number;
}

/** A hen's program in a terminal, behind all walls. */
export interface ConfinedTerminal {
  /**
   * The next output, as soon as there is some and the daemon has time for it; undefined at the end. As long as nobody
   * asks, the program waits in its own write once the kernel's buffer is full: that is the flow control.
   */
  read(): Promise<Uint8Array | undefined>;
  /** Types, in the order of the calls; resolves when the kernel has all of it. Does nothing once it has ended. */
  write(bytes: Uint8Array): Promise<void>;
  resize(size: TerminalSize): void;
  /**
   * Resolves when the program has ended and everything it started is dead.
   * Rejects with CoopError `sandbox_failed`, `limit_reached`, or `cancelled` by the signal.
   */
  readonly ended: Promise<TerminalExit>;
}

/** Larger is no screen; the daemon keeps every line of it. */
export const TERMINAL_SIZE_MAX: TerminalSize = { cols: 500, rows: 200 };

/** What a size is made to be: whole numbers, at least 2 columns and 1 row, which every emulator can hold. */
export function toTerminalSize({ cols, rows }: TerminalSize): TerminalSize {
  const within = (value: number, min: number, max: number) => Math.min(Math.max(Math.trunc(value) || min, min), max);
  return { cols: within(cols, 2, TERMINAL_SIZE_MAX.cols), rows: within(rows, 1, TERMINAL_SIZE_MAX.rows) };
}

/** The refusal where util-linux lacks the program that gives a process its terminal. */
export function noSetsid(): CoopError {
  return new CoopError("walls_missing", "no terminal can be opened here: setsid is not installed", {
    next: "On Debian: apt-get install util-linux",
  });
}
