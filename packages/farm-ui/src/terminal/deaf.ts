import type { IParser } from "@xterm/xterm";

/** Clipboard, links, notifications, and colours that can be asked for. */
const OSC_REFUSED: readonly number[] = [4, 8, 9, 10, 11, 12, 52, 99, 777, 1337];

/**
 * Makes a screen deaf to what a program must not have in a browser: the clipboard (OSC 52), links (OSC 8), notifications, and every
 * question whose answer would be typed back into it. The daemon's sieve lets none of these through; this is the second lock.
 */
export function deafen(parser: IParser): void {
  const swallow = () => true;
  for (const code of OSC_REFUSED) parser.registerOscHandler(code, swallow);
  for (const prefix of [undefined, "?", ">", "="]) {
    const start = prefix === undefined ? {} : { prefix };
    parser.registerCsiHandler({ ...start, final: "c" }, swallow); // what are you?
    parser.registerCsiHandler({ ...start, final: "n" }, swallow); // where is the cursor?
    parser.registerCsiHandler({ ...start, intermediates: "$", final: "p" }, swallow); // is this mode on?
  }
  parser.registerCsiHandler({ final: "t" }, swallow); // windows
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, swallow); // what is set?
  parser.registerDcsHandler({ intermediates: "+", final: "q" }, swallow);
}
