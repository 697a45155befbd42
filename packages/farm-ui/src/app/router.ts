import { signal } from "@preact/signals";

/** Where the page is: an address of its own. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const readPlace = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

/** Where the page is now. */
export const place = signal<Place>(readPlace());

/** Goes to an address of this page; `replace` leaves no step behind for the back button. */
export function goTo(href: string, options: { readonly replace?: boolean } = {}): void {
  const url = new URL(href, location.origin);
  if (url.origin !== location.origin) return;
  history[options.replace === true ? "replaceState" : "pushState"](null, "", url);
  place.value = readPlace();
  if (options.replace !== true) scrollTo(0, 0);
}

/** Sets or (undefined) removes a part of the query, so that a reload shows the same; leaves no step for the back button. */
export function setQuery(name: string, value: string | undefined): void {
  const url = new URL(location.href);
  if (value === undefined || value === "") url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  goTo(url.href, { replace: true });
}

/** Follows the back button, and clicks on links of this page, whoever drew them. */
export function startRouter(): void {
  addEventListener("popstate", () => {
    place.value = readPlace();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = (event.target as Element | null)?.closest("a");
    if (anchor === null || anchor === undefined || anchor.target !== "" || anchor.hasAttribute("download")) return;
    if (anchor.origin !== location.origin || anchor.pathname === "/login") return;
    event.preventDefault();
    goTo(anchor.href);
  });
}

/** The parts of a path that `pattern` names (`/hens/:coop/:name/:tab?`), decoded; undefined when it is another path. */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split("/").slice(1);
  const given = path.split("/").slice(1);
  if (given.length > wanted.length) return undefined;
  const found: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? "";
    if (!part.startsWith(":")) {
      if (part !== value) return undefined;
      continue;
    }
    if (value === "" && !part.endsWith("?")) return undefined;
    if (value !== "") found[part.slice(1).replace(/\?$/, "")] = decode(value);
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // then nothing will have that name
  }
}
