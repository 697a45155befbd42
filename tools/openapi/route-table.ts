import type { ApiDocument } from "../../packages/coopd/src/testing/index.ts";

const BEGIN = "<!-- routes: written by tools/openapi -->\n";
const END = "<!-- /routes -->";

/** The page with its table of routes as the document has them. @throws Error when the page has no place for it */
export function withRouteTable(page: string, document: ApiDocument): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error("docs/http-api.md has no place for the table of routes");
  return page.slice(0, begin + BEGIN.length) + renderTable(document) + page.slice(end);
}

function renderTable({ paths }: ApiDocument): string {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const scope = operation["x-coop-scope"] === "open" ? "" : operation["x-coop-scope"];
      return `| ${method.toUpperCase()} | \`${path}\` | ${scope} | ${operation.summary} |\n`;
    }),
  );
  return `| | path | scope | |\n|---|---|---|---|\n${rows.join("")}`;
}
