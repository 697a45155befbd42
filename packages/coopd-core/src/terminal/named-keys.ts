import { CoopError } from "../errors/coop-error.ts";

/** How a program wants its arrow keys: the terminal's own mode decides (DECCKM). */
export interface KeyMode {
  readonly isApplicationCursor: boolean;
}

/** Keys that are one text always, by tmux's names, which the original's clients use. */
const FIXED: Readonly<Record<string, string>> = {
  Enter: "\r",
  Tab: "\t",
  BTab: "\u001b[Z",
  Escape: "\u001b",
  Space: " ",
  BSpace: "\u007f",
  Insert: "\u001b[2~",
  IC: "\u001b[2~",
  Delete: "\u001b[3~",
  DC: "\u001b[3~",
  PageUp: "\u001b[5~",
  PPage: "\u001b[5~",
  PageDown: "\u001b[6~",
  NPage: "\u001b[6~",
  F1: "\u001bOP",
  F2: "\u001bOQ",
  F3: "\u001bOR",
  F4: "\u001bOS",
  F5: "\u001b[15~",
  F6: "\u001b[17~",
  F7: "\u001b[18~",
  F8: "\u001b[19~",
  F9: "\u001b[20~",
  F10: "\u001b[21~",
  F11: "\u001b[23~",
  F12: "\u001b[24~",
};

/** Keys whose text depends on the mode: `ESC [ X`, or `ESC O X`. */
const CURSOR: Readonly<Record<string, string>> = { Up: "A", Down: "B", Right: "C", Left: "D", End: "F", Home: "H" };

/** `C-` with one of these is the control character 64 below; `C-Space` and `C-?` have their own. */
const CONTROL = /^C-([a-zA-Z@[\\\]^_])$/;

/**
 * The text that a terminal sends for a key: `Enter`, `Up`, `F5`, `C-c`, `M-x`, `M-C-d`.
 * @throws CoopError `bad_request` for a name that no key has
 */
export function namedKeyText(name: string, mode: KeyMode): string {
  if (Object.hasOwn(FIXED, name)) return FIXED[name] ?? "";
  if (Object.hasOwn(CURSOR, name)) return `\u001b${mode.isApplicationCursor ? "O" : "["}${CURSOR[name]}`;
  if (name === "C-Space") return "\0";
  if (name === "C-?") return "\u007f";
  const control = CONTROL.exec(name)?.[1];
  if (control !== undefined) return String.fromCharCode(control.toUpperCase().charCodeAt(0) - 64);
  const behindMeta = /^M-(.+)$/su.exec(name)?.[1];
  if (behindMeta !== undefined && !behindMeta.startsWith("M-")) {
    return `\u001b${[...behindMeta].length === 1 ? behindMeta : namedKeyText(behindMeta, mode)}`;
  }
  throw new CoopError("bad_request", `${JSON.stringify(name.slice(0, 40))} is not the name of a key`, {
    next: `Names are ${Object.keys({ ...FIXED, ...CURSOR }).join(", ")}, C- or M- before a character, as in C-c.`,
  });
}
