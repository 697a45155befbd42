/** What a key does to a terminal's frame rather than in it. */
export interface FrameKeys {
  readonly leave: () => void;
  readonly copy: () => void;
  readonly find: () => void;
  readonly hasKeys: () => boolean;
}

/**
 * A terminal takes every key, so one of them has to lead out (WCAG 2.1.2): Ctrl-], as in `coop shell`. While it only watches it takes
 * none: Tab goes on as on the rest of the page. Answers whether the program may have the key.
 */
export function takeKey(event: KeyboardEvent, frame: FrameKeys): boolean {
  if (event.type === "keydown" && event.ctrlKey) {
    const act = event.key === "]" ? frame.leave : event.shiftKey ? withShift(event.key, frame) : undefined;
    if (act !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      act();
      return false;
    }
    // The browser pastes, and the terminal gets the paste.
    if (event.shiftKey && event.key.toLowerCase() === "v") return false;
  }
  return frame.hasKeys() || SCROLLS.includes(event.key);
}

function withShift(key: string, frame: FrameKeys): (() => void) | undefined {
  switch (key.toLowerCase()) {
    case "c":
      return frame.copy;
    case "f":
      return frame.find;
    default:
      return undefined;
  }
}

/** With shift they move through what is kept, which is no typing. */
const SCROLLS: readonly string[] = ["PageUp", "PageDown", "Shift"];
