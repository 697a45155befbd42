import type { ComponentChildren } from "preact";

/** A column: its head, and what stands in it. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** `narrow` takes what it needs; on a phone columns that are `extra` are left out. */
  readonly kind?: "narrow" | "extra" | "number";
}

/** A table of some dozens of rows; for more there is `VirtualList`. */
export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
  onOpen,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** A click on a row; its first column should also hold a link that does the same, for keys. */
  readonly onOpen?: (row: Row) => void;
}) {
  return (
    <div class="table-box">
      <table class="table">
        <caption class="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map(({ head, kind }) => (
              <th key={head} scope="col" class={kind}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              class={onOpen === undefined ? undefined : "can-open"}
              onClick={onOpen === undefined ? undefined : () => onOpen(row)}
            >
              {columns.map(({ head, cell, kind }) => (
                <td key={head} class={kind}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
