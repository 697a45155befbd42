import { toPlainText } from "../output/plain-text.ts";

/** A line that is longer is somebody's minified file, and cut. */
const LINE_CHARS_MAX = 400;

/**
 * A text from outside as indented lines, at most `linesMax` of them (0: all, uncut), and how many were left out. Empty for
 * a text without anything to see.
 */
export function foldText(text: string, indent: string, linesMax: number): string {
  const lines = toPlainText(text).replace(/\s+$/, "").split("\n");
  if (lines.length === 1 && lines[0] === "") return "";
  const isWhole = linesMax === 0 || lines.length <= linesMax + 1; // one line more is no longer than saying so
  const shown = isWhole ? lines : lines.slice(0, linesMax);
  const rest = lines.length - shown.length;
  const cut = (line: string) =>
    linesMax > 0 && line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)}… ${line.length} characters` : line;
  const all = [...shown.map(cut), ...(rest > 0 ? [`… ${rest} more lines`] : [])];
  return all.map((line) => `${indent}${line}`.trimEnd()).join("\n");
}
