import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Terminal } from "@xterm/xterm";
import { deafen } from "./deaf.ts";
import { withSheets } from "./strict-styles.ts";
import { readTerminalTheme, readTokens } from "./terminal-theme.ts";

/** Columns and rows. */
export interface ScreenSize {
  readonly cols: number;
  readonly rows: number;
}

/** What a screen tells. */
export interface ScreenEvents {
  /** Keys and pastes, as bytes for the program. */
  readonly onKeys: (bytes: Uint8Array) => void;
  /** A key before the screen takes it; false keeps it from the screen. */
  readonly onKey: (event: KeyboardEvent) => boolean;
  /** What a search has found: which of how many; `at` is -1 when there are too many to count. */
  readonly onFound: (found: { readonly at: number; readonly count: number }) => void;
}

/** How a screen looks. */
export interface ScreenLook {
  readonly fontPx: number;
  /** Also written for a screen reader. */
  readonly isReader: boolean;
}

/** What a screen reader says of it. */
export interface ScreenNames {
  readonly label: string;
  /** Id of the element that says how to leave it. */
  readonly hintId: string;
}

/** A drawn terminal. Whoever opens it closes it. */
export interface Screen {
  /** Resolves when so little waits to be drawn that more can be taken. */
  write(bytes: Uint8Array): Promise<void>;
  /** Takes a size of the program's; letters get smaller where it is wider than the place. */
  adopt(size: ScreenSize): void;
  /** Columns and rows that fit into the place with letters as wished; undefined while it is not shown. */
  fitting(): ScreenSize | undefined;
  setLook(look: ScreenLook): void;
  /** Reads the page's colours anew. */
  setTheme(): void;
  /** False: it shows, and takes no keys. */
  setKeys(areTaken: boolean): void;
  find(text: string, way: "next" | "previous"): void;
  endFind(): void;
  /** What is selected, else all that is kept, without blanks at the ends of lines. */
  text(): string;
  focus(): void;
  close(): void;
}

/** Lines above the screen that are kept: as many as the daemon keeps, so that a reload shows the same. */
const SCROLLBACK_LINES = 1_000;
/** More than this waiting to be drawn holds back what comes next: some 50 ms of work. */
const WAITING_BYTES_MAX = 256 * 1024;
/** Letters are never shrunk below this, px; then the place scrolls sideways. */
const SHRUNK_PX_MIN = 8;

/** Draws a terminal into `place`. */
export function openScreen(place: HTMLElement, look: ScreenLook, names: ScreenNames, events: ScreenEvents): Screen {
  const terminal = createTerminal(place, look);
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  deafen(terminal.parser);
  withSheets(() => terminal.open(place));
  terminal.textarea?.setAttribute("aria-label", names.label);
  terminal.textarea?.setAttribute("aria-describedby", names.hintId);
  const encoder = new TextEncoder();
  terminal.onData((text) => events.onKeys(encoder.encode(text)));
  terminal.onBinary((text) => events.onKeys(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
  terminal.attachCustomKeyEventHandler(events.onKey);
  search.onDidChangeResults(({ resultIndex, resultCount }) => events.onFound({ at: resultIndex, count: resultCount }));
  const writing = createWriting(terminal);
  let wished = look;
  const fitting = (): ScreenSize | undefined => {
    if (terminal.options.fontSize !== wished.fontPx) terminal.options.fontSize = wished.fontPx;
    const size = fit.proposeDimensions();
    return size === undefined || Number.isNaN(size.cols) ? undefined : size;
  };
  return {
    write: writing,
    fitting,
    adopt(size) {
      const room = fitting();
      terminal.resize(size.cols, size.rows);
      if (room === undefined || size.cols <= room.cols) return;
      terminal.options.fontSize = Math.max(SHRUNK_PX_MIN, Math.floor((wished.fontPx * room.cols) / size.cols));
    },
    setLook(next) {
      wished = next;
      terminal.options.fontSize = next.fontPx;
      terminal.options.screenReaderMode = next.isReader;
    },
    setTheme: () => {
      terminal.options.theme = readTerminalTheme(place);
    },
    setKeys(areTaken) {
      terminal.options.disableStdin = !areTaken;
      terminal.options.cursorBlink = areTaken && !matchMedia("(prefers-reduced-motion: reduce)").matches;
      terminal.options.cursorInactiveStyle = areTaken ? "outline" : "none";
    },
    find(text, way) {
      const options = { decorations: findColours(place) };
      if (way === "next") search.findNext(text, options);
      else search.findPrevious(text, options);
    },
    endFind: () => search.clearDecorations(),
    text: () => (terminal.hasSelection() ? terminal.getSelection() : wholeText(terminal)),
    focus: () => terminal.focus(),
    close: () => terminal.dispose(),
  };
}

function createTerminal(place: HTMLElement, { fontPx, isReader }: ScreenLook): Terminal {
  return new Terminal({
    allowProposedApi: true, // the search's marks
    fontFamily: readTokens(place)("font-code"),
    fontSize: fontPx,
    lineHeight: 1.15,
    scrollback: SCROLLBACK_LINES,
    screenReaderMode: isReader,
    minimumContrastRatio: 4.5,
    theme: readTerminalTheme(place),
    disableStdin: true,
    cursorInactiveStyle: "none",
    rightClickSelectsWord: false,
    linkHandler: { activate: () => {} }, // no program's link leads anywhere
  });
}

/** Bytes are handed over at once while little waits, so that drawing is done many frames at a time. */
function createWriting(terminal: Terminal): (bytes: Uint8Array) => Promise<void> {
  let waiting = 0;
  let wake: (() => void) | undefined;
  return async (bytes) => {
    waiting += bytes.length;
    terminal.write(bytes, () => {
      waiting -= bytes.length;
      if (waiting <= WAITING_BYTES_MAX) wake?.();
    });
    if (waiting <= WAITING_BYTES_MAX) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    wake = undefined;
  };
}

function findColours(place: HTMLElement) {
  const token = readTokens(place);
  return {
    matchBackground: token("busy-soft"),
    matchOverviewRuler: token("busy"),
    activeMatchBackground: token("term-selection"),
    activeMatchBorder: token("busy"),
    activeMatchColorOverviewRuler: token("accent"),
  };
}

function wholeText({ buffer }: Terminal): string {
  const lines: string[] = [];
  for (let at = 0; at < buffer.active.length; at += 1) {
    const line = buffer.active.getLine(at);
    if (line === undefined) continue;
    const text = line.translateToString(true);
    if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  return `${lines.join("\n").trimEnd()}\n`;
}
