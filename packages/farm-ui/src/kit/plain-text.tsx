import type { ComponentChildren } from "preact";

/**
 * Characters that draw nothing or change what stands beside them (Unicode's controls, formats and line separators, but for tab, line
 * feed, and the joiner inside an emoji): bidirectional overrides, zero-width ones, tags. A text that holds one is not what it
 * looks like.
 */
const UNSEEN =
  /(?![\t\n\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?<!\p{Extended_Pictographic}|\ufe0f|\p{Emoji_Modifier})\u200d/gu;

/** Text as somebody else wrote it, made harmless for one line of plain text (a title, a label): what cannot be seen is named. */
export function toSeenText(text: string): string {
  return text.replace(UNSEEN, nameOf);
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return `‹${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

/**
 * Text that a hen, a model or a stranger wrote. It is set apart from the direction of what stands around it, and what cannot be seen
 * in it is shown as a small mark.
 */
export function PlainText({ text, limit }: { readonly text: string; readonly limit?: number }) {
  const shown = limit !== undefined && text.length > limit ? `${text.slice(0, limit)}…` : text;
  return <bdi class="plain-text">{markUnseen(shown)}</bdi>;
}

/** A text of nothing but such characters would make as many elements; what is beyond is named without one of its own. */
const MARKS_MAX = 500;

function markUnseen(text: string): ComponentChildren {
  if (text.search(UNSEEN) < 0) return text;
  const parts: ComponentChildren[] = [];
  let run = "";
  let at = 0;
  let count = 0;
  const close = () => {
    if (run === "") return;
    parts.push(
      <span class="unseen" title="characters that cannot be seen">
        {run}
      </span>,
    );
    run = "";
    count += 1;
  };
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > at) {
      close();
      if (count >= MARKS_MAX) break;
      parts.push(text.slice(at, match.index));
    }
    run += nameOf(match[0]);
    at = match.index + match[0].length;
  }
  close();
  return [...parts, toSeenText(text.slice(at))];
}

/** The first line of a text, for a row. */
export function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
