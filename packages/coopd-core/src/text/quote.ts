/** Room for any sensible word; a message stays readable and small whatever is quoted in it. */
const QUOTED_MAX = 60;

/** The text in double quotes for a message: control characters escaped, long texts cut with an ellipsis. */
export function quote(text: string): string {
  if (text.length <= QUOTED_MAX) return escapeUnseen(JSON.stringify(text));
  return `${escapeUnseen(JSON.stringify(text.slice(0, QUOTED_MAX)).slice(0, -1))}…"`;
}

/** What JSON leaves as it is but a terminal or a reader may act on: C1 controls, line separators, direction marks. */
function escapeUnseen(json: string): string {
  return json.replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
