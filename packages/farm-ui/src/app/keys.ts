import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** One key, or two after another (`g h`), that does something. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` names it, small letters: `j`, `?`, `Escape`, ` `, `g h`; with `ctrl+` before it works in fields too. */
  readonly keys: string;
  /** What it does, for the map that `?` shows. */
  readonly does: string;
  /** The group of the map. */
  readonly group: string;
  readonly run: (event: KeyboardEvent) => void;
}

/** All that hold now; of two with the same keys the later one wins, so that a drawer comes before its page. */
export const bindings = signal<readonly KeyBinding[]>([]);

/** How long the second key of two is waited for, ms. */
const SECOND_KEY_MS = 1_200;

/**
 * Holds these bindings while the component is there. `when` false leaves them out. They are the new ones before the next key
 * can come: an effect after painting would send a prompt without the letters that were typed last.
 */
export function useKeys(list: readonly KeyBinding[], keys: readonly unknown[] = [], when = true): void {
  useLayoutEffect(() => (when ? bindKeys(list) : undefined), [...keys, when]);
}

/** Adds bindings. Returns the way to take them away. */
export function bindKeys(list: readonly KeyBinding[]): () => void {
  bindings.value = [...bindings.peek(), ...list];
  return () => {
    bindings.value = bindings.peek().filter((binding) => !list.includes(binding));
  };
}

let first: { readonly key: string; readonly untilMs: number } | undefined;

/** Listens from now on. */
export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return;
    const [target = null] = event.composedPath(); // inside the shadow root of an editor too
    const isTyping = isField(target);
    if (isTyping && !event.ctrlKey && event.key !== "Escape") return;
    const key = `${event.ctrlKey ? "ctrl+" : ""}${event.key}`;
    const before = first !== undefined && first.untilMs > performance.now() ? first.key : undefined;
    first = undefined;
    const found = (before === undefined ? undefined : find(`${before} ${key}`)) ?? find(key);
    if (found !== undefined) {
      if ((key === " " || key === "Enter") && isPressable(target)) return; // they press what has the focus
      event.preventDefault();
      found.run(event);
    } else if (bindings.peek().some(({ keys }) => keys.startsWith(`${key} `))) {
      first = { key, untilMs: performance.now() + SECOND_KEY_MS };
    }
  });
}

function find(keys: string): KeyBinding | undefined {
  return bindings.peek().findLast((binding) => binding.keys === keys);
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, summary, [role=tab], [role=checkbox]") !== null;
}
