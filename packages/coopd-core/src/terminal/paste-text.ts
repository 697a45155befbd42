const PASTE_START = "\u001b[200~";
const PASTE_END = "\u001b[201~";

/**
 * A text as a terminal pastes it. A program that asked for bracketed paste (DECSET 2004) gets it whole, with its line
 * breaks as text; without that a line break is the Enter key, as in every terminal. What would end the paste early, and
 * so turn the rest into keys, is taken out.
 */
export function pasteText(text: string, hasBracketedPaste: boolean): string {
  const lines = text.replace(/\r\n|\n/g, "\r");
  if (!hasBracketedPaste) return lines;
  let inner = lines;
  while (inner.includes(PASTE_END)) inner = inner.replaceAll(PASTE_END, "");
  return PASTE_START + inner + PASTE_END;
}

/** A text as it is typed: literally. With a line break in it, it is pasted, since nobody types one without meaning Enter. */
export function typedText(text: string, hasBracketedPaste: boolean): string {
  return /[\r\n]/.test(text) ? pasteText(text, hasBracketedPaste) : text;
}
