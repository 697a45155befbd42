/**
 * Whether `shown` is what a page says: line by line, `…` within a line stands for anything in it, a line that is only
 * `…` for any number of lines. Blanks at the ends of lines and empty lines around the whole do not count.
 */
export function isShown(wanted: string, shown: string): boolean {
  const lines = wanted.replace(/^\n+|\s+$/g, "").split("\n");
  const pattern = lines.map((line) => (line.trim() === "…" ? "(?:.*\n)*?" : `${toPattern(line)}\n`)).join("");
  return new RegExp(`^${pattern}$`).test(`${tidyLines(shown)}\n`);
}

function toPattern(line: string): string {
  return line
    .trimEnd()
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
    .join(".*");
}

/** As a terminal's line: no carriage returns, no blanks at the end. */
function tidyLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}
