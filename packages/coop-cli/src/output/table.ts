import type { Paint } from "./paint.ts";
import { toPlainLine } from "./plain-text.ts";
import { clipToWidth, padToWidth, widthOf } from "./width.ts";

export interface Column<Row> {
  readonly title: string;
  /** The cell's text; whatever it holds, it is printed on one line without control characters. */
  readonly cell: (row: Row) => string;
  /** Colours the padded cell. */
  readonly tone?: (paint: Paint, row: Row, text: string) => string;
  readonly isNumber?: boolean;
  /** No wider than this, unless it is the last; {@link CELL_COLUMNS_MAX} when not given. */
  readonly columnsMax?: number;
}

const GAP = "  ";
/** No cell but the last grows wider, so that one long id does not push the rest off the screen. */
const CELL_COLUMNS_MAX = 48;

/** Rows in aligned columns under a heading; the last column is cut at the terminal's edge. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint,
  screenColumns: number,
): string {
  const lastIndex = columns.length - 1;
  const cells = rows.map((row) =>
    columns.map((column, i) => {
      const text = toPlainLine(column.cell(row));
      return i === lastIndex ? text : clipToWidth(text, column.columnsMax ?? CELL_COLUMNS_MAX);
    }),
  );
  const widths = columns.map((column, i) =>
    Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[i] ?? ""))),
  );
  const before = widths.slice(0, lastIndex).reduce((sum, width) => sum + width + GAP.length, 0);
  const lastWidth = Math.max(8, screenColumns - before);
  const align = (text: string, i: number) => {
    if (i === lastIndex && columns[i]?.isNumber !== true) return clipToWidth(text, lastWidth);
    return columns[i]?.isNumber === true ? text.padStart(widths[i] ?? 0) : padToWidth(text, widths[i] ?? 0);
  };
  const heading = columns.map((column, i) => paint.dim(align(column.title, i))).join(GAP);
  const lines = rows.map((row, r) =>
    columns
      .map((column, i) => {
        const text = align(cells[r]?.[i] ?? "", i);
        return column.tone === undefined ? text : column.tone(paint, row, text);
      })
      .join(GAP),
  );
  return [heading, ...lines].map((line) => `${line.trimEnd()}\n`).join("");
}

/** `name  value` lines with the names in one column; a row without a value is left out. */
export function renderFields(fields: readonly (readonly [string, string | undefined])[], paint: Paint): string {
  const shown = fields.filter((field): field is readonly [string, string] => field[1] !== undefined && field[1] !== "");
  const width = Math.max(...shown.map(([name]) => widthOf(name)));
  return shown.map(([name, value]) => `${paint.dim(padToWidth(name, width))}${GAP}${value}\n`).join("");
}
