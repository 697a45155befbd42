import type { TerminalSize } from "coopd-sandbox";

/** Lines above the screen that are kept: some 1 MB a terminal at 80 columns, 6 MB at the widest. */
const SCROLLBACK_LINES = 1_000;

/**
 * The emulator looks at the clock between two of these, and lets others come in after 12 ms. Plain text takes 0.1 ms; 32 kB of
 * nothing but scrolling took 80 ms on 24 rows and 600 on 200, in which the daemon did nothing else.
 */
const SLICE_BYTES = 512;

/** What a terminal shows, kept by the daemon, so that a viewer that comes back sees it at once. */
export interface Screen {
  /** Resolves when the bytes have been acted on. */
  write(bytes: Uint8Array): Promise<void>;
  /** What brings an empty terminal of the same size to the same picture, modes and lines above it included. */
  snapshot(): Uint8Array;
  resize(size: TerminalSize): void;
  readonly hasBracketedPaste: boolean;
  readonly isApplicationCursor: boolean;
  close(): void;
}

/** Private modes that change what a viewer sends or sees, and that the serializer leaves out: the cursor, mouse encodings. */
const OTHER_MODES: Readonly<Record<number, boolean>> = { 25: true, 1006: false, 1016: false };

/**
 * An empty screen. What a program asks of its terminal is answered through `answer`, whether anybody watches or not. The
 * emulator is loaded with the first terminal: a farm without any does not pay for it.
 */
export async function openScreen(size: TerminalSize, answer: (text: string) => void): Promise<Screen> {
  const [{ Terminal }, { SerializeAddon }] = await Promise.all([
    import("@xterm/headless"),
    import("@xterm/addon-serialize"),
  ]);
  const terminal = new Terminal({ ...size, scrollback: SCROLLBACK_LINES, allowProposedApi: true });
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer as never); // its types name the browser's terminal; it works on both
  terminal.onData(answer);
  const modes = new Map<number, boolean>();
  const follow = (isSet: boolean) => (params: readonly (number | number[])[]) => {
    for (const mode of params) if (typeof mode === "number" && mode in OTHER_MODES) modes.set(mode, isSet);
    return false; // the emulator's own handling comes next
  };
  terminal.parser.registerCsiHandler({ prefix: "?", final: "h" }, follow(true));
  terminal.parser.registerCsiHandler({ prefix: "?", final: "l" }, follow(false));
  terminal.parser.registerEscHandler({ final: "c" }, () => {
    modes.clear();
    return false;
  });
  const otherModes = () =>
    Array.from(modes)
      .filter(([mode, isSet]) => OTHER_MODES[mode] !== isSet)
      .map(([mode, isSet]) => `\u001b[?${mode}${isSet ? "h" : "l"}`);
  return {
    write: (bytes) => {
      let at = 0;
      for (; bytes.length - at > SLICE_BYTES; at += SLICE_BYTES) terminal.write(bytes.subarray(at, at + SLICE_BYTES));
      return new Promise((resolve) => terminal.write(bytes.subarray(at), resolve));
    },
    snapshot: () =>
      new TextEncoder().encode(serializer.serialize({ scrollback: SCROLLBACK_LINES }) + otherModes().join("")),
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    get hasBracketedPaste() {
      return terminal.modes.bracketedPasteMode;
    },
    get isApplicationCursor() {
      return terminal.modes.applicationCursorKeysMode;
    },
    close: () => terminal.dispose(),
  };
}
