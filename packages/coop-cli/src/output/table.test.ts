import { expect, test } from "bun:test";
import { createPaint } from "./paint.ts";
import { renderFields, renderTable } from "./table.ts";
import { clipToWidth, padToWidth, widthOf } from "./width.ts";

const PLAIN = createPaint(false);
interface Row {
  readonly name: string;
  readonly count: number;
  readonly text: string;
}
const COLUMNS = [
  { title: "NAME", cell: (row: Row) => row.name },
  { title: "N", cell: (row: Row) => String(row.count), isNumber: true },
  { title: "TEXT", cell: (row: Row) => row.text },
];

test("columns line up under wide characters, emoji, joined emoji and accents", () => {
  const rows = [
    { name: "plain", count: 1, text: "a" },
    { name: "日本語", count: 22, text: "b" },
    { name: "👩‍🌾🐔", count: 333, text: "c" },
    { name: "e\u0301tude", count: 4, text: "d" },
  ];
  const lines = renderTable(COLUMNS, rows, PLAIN, 80).trimEnd().split("\n");
  expect(lines[0]).toBe("NAME      N  TEXT");
  const starts = lines.slice(1).map((line) => widthOf(line.slice(0, line.search(/[abcd]$/))));
  expect(new Set(starts)).toEqual(new Set([13]));
});

test("no cell breaks its line or brings control characters in", () => {
  const table = renderTable(COLUMNS, [{ name: "a\nb", count: 1, text: "\u001b[31mx\r\ny\u0007" }], PLAIN, 80);
  expect(table).toBe("NAME  N  TEXT\na b   1  x y\n");
});

test("the last column is cut at the edge, no line is wider, and an endless screen cuts nothing", () => {
  const rows = [{ name: "x", count: 1, text: "日本語".repeat(40) }];
  for (const columns of [30, 31, 60]) {
    for (const line of renderTable(COLUMNS, rows, PLAIN, columns).trimEnd().split("\n")) {
      expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  }
  expect(renderTable(COLUMNS, rows, PLAIN, Number.POSITIVE_INFINITY)).toContain("日本語".repeat(40));
});

test("a long cell in front does not push the rest off the screen", () => {
  const table = renderTable(COLUMNS, [{ name: "n".repeat(300), count: 1, text: "t" }], PLAIN, 80);
  expect(table).toContain(`${"n".repeat(47)}…  1  t`);
});

test("colour is around the padded cell and counts no width", () => {
  const columns = [
    { title: "S", cell: () => "DONE", tone: (paint: typeof PLAIN, _: Row, text: string) => paint.green(text) },
  ];
  const rows = [{ name: "", count: 0, text: "" }];
  expect(renderTable(columns, rows, createPaint(true), 80)).toBe("\u001b[2mS\u001b[22m\n\u001b[32mDONE\u001b[39m\n");
});

test("fields line up, and one without a value is left out", () => {
  expect(
    renderFields(
      [
        ["a", "1"],
        ["long", "2"],
        ["none", undefined],
        ["empty", ""],
      ],
      PLAIN,
    ),
  ).toBe("a     1\nlong  2\n");
});

test("a text is never cut inside a character", () => {
  expect(clipToWidth("abc", 3)).toBe("abc");
  expect(clipToWidth("abcd", 3)).toBe("ab…");
  expect(clipToWidth("日本語", 4)).toBe("日…");
  expect(clipToWidth("👩‍🌾👩‍🌾👩‍🌾", 5)).toBe("👩‍🌾👩‍🌾…");
  expect(padToWidth("日", 4)).toBe("日  ");
});
