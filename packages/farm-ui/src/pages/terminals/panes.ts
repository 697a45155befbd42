/** Terminals side by side: more would be too narrow to read, and each is drawn anew with every byte. */
export const PANES_MAX = 4;

/** Hens whose terminals the address asks for, in its order, each once. */
export function readPanes(query: URLSearchParams): readonly string[] {
  const ids = (query.get("hen") ?? "").split(",").filter((id) => id !== "");
  return [...new Set(ids)].slice(0, PANES_MAX);
}

/** The address that shows these. */
export function terminalsHref(ids: readonly string[]): string {
  const list = ids.map(encodeURIComponent).join(",");
  return list === "" ? "/terminals" : `/terminals?hen=${list}`;
}
