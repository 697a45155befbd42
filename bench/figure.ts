/** One measured number beside what architecture §8 allows. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: "ms" | "MB" | "MB/s" | "jobs/s" | "deliveries/s" | "requests/s";
  /** The most or the least that the budget allows; a figure without one is only compared. */
  readonly budget?: { readonly most: number } | { readonly least: number };
}

/** How much of its budget a figure takes: up to 1 it is met. */
export function shareOfBudget({ value, budget }: Figure): number | undefined {
  if (budget === undefined) return undefined;
  return "most" in budget ? value / budget.most : budget.least / value;
}

/** The figures as a table, and how they stand to another daemon's of the same run (below 1: that one is better). */
export function renderTable(figures: readonly Figure[], against: readonly Figure[] = []): string {
  const others = new Map(against.map((figure) => [figure.what, figure]));
  const rows = figures.map((figure) => {
    const other = others.get(figure.what);
    const share = shareOfBudget(figure);
    return [
      figure.what,
      `${round(figure.value)} ${figure.unit}`,
      renderBudget(figure),
      share === undefined ? "" : share.toFixed(2),
      share === undefined ? "" : share <= 1 ? "met" : "MISSED",
      ...(against.length === 0 ? [] : other === undefined ? ["", ""] : [round(other.value), advantage(figure, other)]),
    ];
  });
  const titles = [
    "what",
    "figure",
    "budget",
    "share",
    "",
    ...(against.length === 0 ? [] : ["against", "times better"]),
  ];
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const toLine = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return [titles, ...rows].map((row) => toLine(row).trimEnd()).join("\n");
}

/** The value at `share` of the sorted values, as 0.99 for p99. @throws RangeError when there is none */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (found === undefined) throw new RangeError("a quantile of nothing");
  return found;
}

function renderBudget({ budget, unit }: Figure): string {
  if (budget === undefined) return "";
  return "most" in budget ? `≤ ${round(budget.most)} ${unit}` : `≥ ${round(budget.least)} ${unit}`;
}

function advantage(ours: Figure, theirs: Figure): string {
  const isMoreBetter = ours.unit.endsWith("/s");
  return (isMoreBetter ? ours.value / theirs.value : theirs.value / ours.value).toFixed(2);
}

function round(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
