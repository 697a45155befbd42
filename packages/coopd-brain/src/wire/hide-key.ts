import type { ContentBlock } from "coopd-core";
import { formsOf, MASK } from "./scrub.ts";
import type { Surfaced } from "./wire.ts";

/**
 * Keeps a key out of an answer: a server that repeats what it was sent, as mocks and debugging proxies do, would put it into
 * the journal, and with the next turn where a hen's tools can see it.
 */
export interface KeyFilter {
  /** What may be shown; an end that could be the beginning of the key is held back until more comes. */
  pass(piece: Surfaced): readonly Surfaced[];
  /** What was held back, at the end of what is shown. */
  rest(): readonly Surfaced[];
  content(blocks: readonly ContentBlock[]): readonly ContentBlock[];
}

/** A filter for one try. Without a key nothing is held back or changed. */
export function createKeyFilter(key: string | undefined): KeyFilter {
  const forms = formsOf(key);
  if (forms.length === 0) return { pass: (piece) => [piece], rest: () => [], content: (blocks) => blocks };
  const mask = (text: string) => forms.reduce((clean, form) => clean.replaceAll(form, MASK), text);
  let held: { readonly type: "text" | "thinking"; readonly text: string } | undefined;

  const rest = (): readonly Surfaced[] => {
    const last = held;
    held = undefined;
    return last === undefined || last.text === "" ? [] : [{ type: last.type, delta: last.text }];
  };
  return {
    rest,
    pass(piece) {
      if (piece.type === "restart") {
        held = undefined;
        return [piece];
      }
      const before = held !== undefined && held.type !== piece.type ? rest() : [];
      const text = mask((held?.text ?? "") + piece.delta);
      const cut = text.length - beginningOf(forms, text);
      held = { type: piece.type, text: text.slice(cut) };
      return cut === 0 ? before : [...before, { type: piece.type, delta: text.slice(0, cut) }];
    },
    content: (blocks) => blocks.map((block) => maskAll(block, mask) as ContentBlock),
  };
}

/** How many characters at the end of the text may be the beginning of one of the forms. */
function beginningOf(forms: readonly string[], text: string): number {
  const most = Math.min(text.length, Math.max(...forms.map((form) => form.length)) - 1);
  for (let length = most; length > 0; length -= 1) {
    const end = text.slice(-length);
    if (forms.some((form) => form.startsWith(end))) return length;
  }
  return 0;
}

function maskAll(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((it) => maskAll(it, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [mask(name), maskAll(it, mask)]));
}
