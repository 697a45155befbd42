/** Of the text that is looked at; nobody sees more in one line. */
const CHARS_MAX = 2_000;
const LINES_MAX = 6;
/** What begins a line of Markdown and says how the line is drawn. */
const LEADING = /^(?:#{1,6}|>|[-*+]|```.*$)(?=\s|$)/;
const INLINE = /\*\*|__|`/g;

/** The beginning of an answer in one line, without the marks of Markdown that only an answer shown whole needs. */
export function inOneLine(markdown: string): string {
  const lines = markdown.slice(0, CHARS_MAX).split("\n");
  const words = lines.map((line) => line.trim().replace(LEADING, "").replace(INLINE, "").trim());
  return words.filter(Boolean).slice(0, LINES_MAX).join(" · ").replaceAll(": · ", ": ");
}
