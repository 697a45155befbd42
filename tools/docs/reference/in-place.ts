/**
 * The page with what stands between `<!-- NAME: written by tools/docs -->` and `<!-- /NAME -->` replaced.
 * @throws Error when the page has no such place
 */
export function replaceInPlace(page: string, name: string, text: string): string {
  const { from, to } = findPlace(page, name);
  return page.slice(0, from) + text + page.slice(to);
}

/** What stands there now. @throws Error when the page has no such place */
export function readInPlace(page: string, name: string): string {
  const { from, to } = findPlace(page, name);
  return page.slice(from, to);
}

function findPlace(page: string, name: string): { readonly from: number; readonly to: number } {
  const begin = `<!-- ${name}: written by tools/docs -->\n`;
  const from = page.indexOf(begin);
  const to = page.indexOf(`<!-- /${name} -->`);
  if (from < 0 || to < from) throw new Error(`the page has no place for "${name}"`);
  return { from: from + begin.length, to };
}

/** A Markdown table; bars within a cell are escaped. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return `${line(head)}|${"---|".repeat(head.length)}\n${rows.map(line).join("")}`;
}
