/**
 * Takes everything out of a text that a terminal would act on, so that what a model, a tool or a server says can only be
 * read: no colour, no cursor, no clipboard, no title, no hidden or reversed words. Lines and tabs stay; a lone carriage
 * return, which would write over the line, becomes a new line.
 */
export function toPlainText(text: string): string {
  if (!MAYBE_HOSTILE.test(text)) return text;
  return text.replace(/\r\n?/g, "\n").replace(ESCAPE_SEQUENCES, "").replace(CONTROLS, "");
}

/** The same on one line: line breaks and tabs become single spaces. */
export function toPlainLine(text: string): string {
  return toPlainText(text).replace(/\s+/g, " ").trim();
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
/** C0 but tab and newline, DEL, C1, line and paragraph separators, and the marks that reorder text (Unicode TR 36 §2.9). */
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const MAYBE_HOSTILE = new RegExp(CONTROLS.source);

/**
 * ECMA-48 sequences, 7 and 8 bit: control strings (OSC, DCS, SOS, PM, APC) with their text up to BEL or ST, CSI with its
 * parameters, two- and three-byte escapes. A control string that is never closed loses only its introducer, by CONTROLS:
 * a hostile text must not be able to swallow what follows it.
 */
const ESCAPE_SEQUENCES = new RegExp(
  [
    "(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)",
    "(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]",
    "\\x1b[ -/]*[0-OQ-WYZ\\\\`-~]",
  ].join("|"),
  "g",
);
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
