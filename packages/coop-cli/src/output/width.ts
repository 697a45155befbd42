/** Columns that a text without control characters takes on a terminal: wide characters and emoji count two. */
export function widthOf(text: string): number {
  return Bun.stringWidth(text);
}

/** Cuts a text to at most `columns`, with an ellipsis where something was cut; never inside a character. */
export function clipToWidth(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" }); // here, since loading ICU takes time
  let kept = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Fills a text with spaces up to `columns`; a wider one stays as it is. */
export function padToWidth(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}
