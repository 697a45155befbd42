/** Where something is remembered: `browser` for every tab from now on, `tab` for this one and its reloads. */
export type KeptFor = "browser" | "tab";

/** What was kept under the key; undefined where nothing was, or where the browser keeps nothing. */
export function readKept(key: string, where: KeptFor = "browser"): string | undefined {
  try {
    return storeOf(where).getItem(key) ?? undefined;
  } catch {
    return undefined; // storage is switched off; then nothing is remembered
  }
}

/** Keeps it, or, with undefined, lets go of it. */
export function keep(key: string, value: string | undefined, where: KeptFor = "browser"): void {
  try {
    if (value === undefined) storeOf(where).removeItem(key);
    else storeOf(where).setItem(key, value);
  } catch {
    // as above, or full: then it is not remembered
  }
}

function storeOf(where: KeptFor): Storage {
  return where === "tab" ? sessionStorage : localStorage;
}
