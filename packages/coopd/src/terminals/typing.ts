import { setTimeout as delay } from "node:timers/promises";
import { namedKeyText, pasteText, typedText } from "coopd-core";
import type { Terminal } from "./terminal.ts";

/** What `shell/send` types: a text, then keys, then Enter. */
export interface Keystrokes {
  /** Literal: no character and no word of it is a key. */
  readonly keys: string;
  /** tmux's names, as in `C-c`. */
  readonly namedKeys: readonly string[];
  readonly isEntered: boolean;
}

/**
 * Enter comes this long after a text, ms: programs that redraw on their own take both in one read for a paste, and Enter
 * for a line break in it.
 */
const BEFORE_ENTER_MS = 150;

const ENTER = "\r";

/** Before a terminal is opened for them. @throws CoopError `bad_request` for a key that is none */
export function assertKeys(names: readonly string[]): void {
  for (const name of names) namedKeyText(name, { isApplicationCursor: false });
}

/** @throws CoopError `bad_request` for a key that is none, before anything is typed; `limit_reached` */
export async function typeKeys(terminal: Terminal, { keys, namedKeys, isEntered }: Keystrokes): Promise<void> {
  const named = namedKeys.map((name) => namedKeyText(name, terminal.modes)).join("");
  await type(terminal, typedText(keys, terminal.modes.hasBracketedPaste) + named);
  if (!isEntered) return;
  if (/[\r\n]/.test(keys)) await delay(BEFORE_ENTER_MS);
  await type(terminal, ENTER);
}

/** Pastes a prompt and enters it. @throws CoopError `limit_reached` */
export async function typePrompt(terminal: Terminal, prompt: string): Promise<void> {
  await type(terminal, pasteText(prompt, terminal.modes.hasBracketedPaste));
  await delay(BEFORE_ENTER_MS);
  await type(terminal, ENTER);
}

/** Not waited for until it is read: a program that is busy reads it later. */
async function type(terminal: Terminal, text: string): Promise<void> {
  void terminal.input(new TextEncoder().encode(text));
}
