import { signal } from "@preact/signals";
import { keep, readKept } from "../data/browser-store.ts";

/** `system` follows the machine. */
export type Theme = "system" | "light" | "dark";

const KEY = "coop-theme";

function readTheme(): Theme {
  const kept = readKept(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** The theme that was chosen; it is remembered in this browser. */
export const theme = signal<Theme>(readTheme());

/** Shows it, now and whenever another is chosen. */
export function startTheme(): void {
  theme.subscribe((chosen) => {
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    keep(KEY, chosen === "system" ? undefined : chosen);
  });
}

/** The other of light and dark than is shown now. */
export function toggleTheme(): void {
  const isDark =
    theme.peek() === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme.peek() === "dark";
  theme.value = isDark ? "light" : "dark";
}
