import { structuredPatch } from "diff";
import type { Paint } from "../output/paint.ts";
import { toPlainText } from "../output/plain-text.ts";

/** Lines around a change that are shown with it, as `diff -u` does. */
const CONTEXT_LINES = 3;

/** What changes from one text to the other, as a unified diff without its head; empty when nothing does. */
export function toDiff(before: string, after: string): string {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: CONTEXT_LINES });
  return hunks
    .flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      ...lines.map(toPlainText),
    ])
    .map((line) => `${line}\n`)
    .join("");
}

/** The diff for a person: what comes is green, what goes is red. */
export function paintDiff(diff: string, paint: Paint): string {
  return diff.replace(/^([-+@]).*$/gm, (line, sign) =>
    sign === "+" ? paint.green(line) : sign === "-" ? paint.red(line) : paint.cyan(line),
  );
}
