/** Room for any sensible word; a message stays readable and small whatever is quoted in it. */
const QUOTED_MAX = 60;

/** The text in double quotes for a message: control characters escaped, long texts cut with an ellipsis. */
export function quote(text: string): string {
  if (text.length <= QUOTED_MAX) return escapeUnseen(JSON.stringify(text));
  return `${escapeUnseen(JSON.stringify(text.slice(0, QUOTED_MAX)).slice(0, -1))}…"`;
}

/** Somebody else's message, which may quote what it was given: cut to `max` characters, nothing unseen in it. */
export function showText(text: string, max: number): string {
  return escapeUnseen(text.length <= max ? text : `${text.slice(0, max)}…`);
}

/** Escapes what a terminal or a reader may act on without showing it: controls, line separators, direction marks. */
function escapeUnseen(text: string): string {
  return text.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
