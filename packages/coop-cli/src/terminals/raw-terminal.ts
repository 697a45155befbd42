import { CoopError } from "coopd-core";

/** What a farmer does at this terminal. */
export interface TerminalEvents {
  typed(bytes: Uint8Array): void;
  resized(size: { readonly cols: number; readonly rows: number }): void;
  /** Nobody is there any more. */
  hungUp(): void;
}

/** The terminal that this program runs in, handed over to another one. Disposing it gives it back as it was. */
export interface RawTerminal extends Disposable {
  size(): { readonly cols: number; readonly rows: number };
  /** From now on every key is an event; none is this program's own any more, Ctrl-C neither. */
  start(events: TerminalEvents): void;
  /** Takes back what the other program may have left on; doing it twice is fine. */
  restore(): void;
}

/**
 * Other screen, mouse, focus, paste, application keys, colours, hidden cursor (xterm ctlseqs): what a full-screen program
 * switches off itself when it ends, and not when one detaches from it.
 */
const SWITCH_OFF =
  "\u001b[?1049l\u001b[?1000;1002;1003;1004;1005;1006;1015;1016;2004;1l\u001b>\u001b[?25h\u001b[0m\r\n";

/** @throws CoopError `bad_request` where input or output is no terminal */
export function openRawTerminal(henId: string): RawTerminal {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new CoopError("bad_request", "coop shell needs a terminal for its input and its output", {
      next: `To type without one: coop hen send ${henId} "…"`,
    });
  }
  const size = () => ({ cols: stdout.columns || 80, rows: stdout.rows || 24 });
  let stop: (() => void) | undefined;
  const restore = () => {
    stop?.();
    stop = undefined;
  };
  return {
    size,
    start({ typed, resized, hungUp }) {
      const resize = () => resized(size());
      stdin.setRawMode(true);
      stdin.on("data", typed);
      stdin.on("end", hungUp);
      stdout.on("resize", resize);
      process.on("SIGTERM", hungUp);
      process.on("SIGHUP", hungUp);
      stop = () => {
        stdin.off("data", typed);
        stdin.off("end", hungUp);
        stdout.off("resize", resize);
        process.off("SIGTERM", hungUp);
        process.off("SIGHUP", hungUp);
        stdout.write(SWITCH_OFF);
        stdin.setRawMode(false);
        stdin.pause();
      };
    },
    restore,
    [Symbol.dispose]: restore,
  };
}
