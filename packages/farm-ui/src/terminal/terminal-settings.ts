import { signal } from "@preact/signals";
import { keep, readKept } from "../data/browser-store.ts";

/** Smallest, usual and largest size of the letters, px. */
export const FONT_PX = { min: 9, usual: 13, max: 26 } as const;

const FONT_KEY = "coop-terminal-font";
const READER_KEY = "coop-terminal-reader";

/** Size of the letters in every terminal of this browser, px; it is remembered. */
export const fontPx = signal(readFont());
/** Whether terminals are also written for a screen reader, which costs time with much output; it is remembered. */
export const isReaderOn = signal(readKept(READER_KEY) === "on");

fontPx.subscribe((px) => keep(FONT_KEY, px === FONT_PX.usual ? undefined : String(px)));
isReaderOn.subscribe((isOn) => keep(READER_KEY, isOn ? "on" : undefined));

/** Larger or smaller by steps, within {@link FONT_PX}. */
export function stepFont(steps: number): void {
  fontPx.value = clampFont(fontPx.peek() + steps);
}

function clampFont(px: number): number {
  return Math.min(FONT_PX.max, Math.max(FONT_PX.min, Math.round(px)));
}

function readFont(): number {
  const px = Number(readKept(FONT_KEY) ?? "");
  return px > 0 ? clampFont(px) : FONT_PX.usual;
}
