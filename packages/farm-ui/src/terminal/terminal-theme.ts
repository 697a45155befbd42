import type { ITheme } from "@xterm/xterm";

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** The terminal's colours, out of the page's tokens as they hold at this place now. */
export function readTerminalTheme(element: HTMLElement): ITheme {
  const token = readTokens(element);
  const plain = COLOURS.map((name) => [name, token(`term-${name}`)]);
  const bright = COLOURS.map((name) => [
    `bright${name[0]?.toUpperCase()}${name.slice(1)}`,
    token(`term-bright-${name}`),
  ]);
  return {
    background: token("term-ground"),
    foreground: token("term-ink"),
    cursor: token("accent"),
    cursorAccent: token("term-ground"),
    selectionBackground: token("term-selection"),
    selectionInactiveBackground: token("term-selection"),
    scrollbarSliderBackground: token("line"),
    scrollbarSliderHoverBackground: token("line-strong"),
    scrollbarSliderActiveBackground: token("line-strong"),
    ...Object.fromEntries([...plain, ...bright]),
  };
}

/** The page's tokens by name, as they hold at this place now. */
export function readTokens(element: HTMLElement): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}
