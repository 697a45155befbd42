/** Hosts out of a field: with commas, blanks or lines between. */
export function toHosts(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((host) => host !== "");
}
