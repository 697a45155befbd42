/** `/hens/local.coop/aria`, with a tab of its page. */
export function henHref(id: string, tab = ""): string {
  const path = id.split("/").map(encodeURIComponent).join("/");
  return `/hens/${path}${tab === "" ? "" : `/${tab}`}`;
}

/** `/jobs/ID`. */
export function jobHref(id: string): string {
  return `/jobs/${encodeURIComponent(id)}`;
}

/** The first screen with this hen's drawer open. */
export function peekHref(id: string): string {
  return `/?peek=${encodeURIComponent(id)}`;
}

/** The part of a hen's id that people say: `aria` of `local.coop/aria`. */
export function shortName(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}
