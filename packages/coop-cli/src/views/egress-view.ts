import type { EgressEntry } from "coopd-core";
import type { Paint } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import type { Column } from "../output/table.ts";
import { toClockText } from "../output/time-text.ts";

/** `coop hen egress` on a terminal. */
export const EGRESS_COLUMNS: readonly Column<EgressEntry>[] = [
  { title: "AT", cell: (row) => toClockText(row.at) },
  { title: "VERDICT", cell: (row) => row.verdict, tone: (paint, row, text) => paintVerdict(paint, row.verdict, text) },
  { title: "TO", cell: toTargetText },
  { title: "BY", cell: (row) => row.via },
  { title: "TIMES", cell: (row) => String(row.count), isNumber: true },
  { title: "UP", cell: (row) => toBytesText(row.bytes_up), isNumber: true },
  { title: "DOWN", cell: (row) => toBytesText(row.bytes_down), isNumber: true },
  { title: "WHY", cell: toReasonText },
];

/** One row of `--follow`: `10:00:02  denied  api.example.org:443  connect  no rule names it (no_rule)`. */
export function renderEgressLine(row: EgressEntry, paint: Paint): string {
  const times = row.count > 1 ? ` ${row.count} times` : "";
  const target = paint.bold(toPlainLine(toTargetText(row)));
  const next = row.next === null ? "" : `  ${paint.dim(`allow it: ${toPlainLine(row.next)}`)}`;
  const at = paint.dim(toClockText(row.at).slice(11));
  const verdict = paintVerdict(paint, row.verdict, row.verdict.padEnd(7));
  return `${at}  ${verdict}  ${target}${times}  ${toPlainLine(row.via)}  ${toPlainLine(toReasonText(row))}${next}`;
}

/** The commands that would let out what was denied, each once, as many as a person reads. */
export function allowCommandsOf(rows: readonly EgressEntry[]): readonly string[] {
  return [...new Set(rows.flatMap(({ next }) => next ?? []))].slice(0, COMMANDS_MAX);
}

const COMMANDS_MAX = 10;

/** `GET api.example.org:443/v1`, or the name alone where only it was asked for. */
function toTargetText({ host, port, method, path }: EgressEntry): string {
  const place = port === 0 ? host : `${host}:${port}`;
  return `${method === null ? "" : `${method} `}${place}${path ?? ""}`;
}

function toReasonText({ verdict, code, reason, rule }: EgressEntry): string {
  return verdict === "allowed" ? (rule ?? "") : `${reason ?? ""} (${code})`;
}

function paintVerdict(paint: Paint, verdict: string, text: string): string {
  return verdict === "denied" ? paint.red(text) : paint.green(text);
}

function toBytesText(bytes: number): string {
  if (bytes < 1_000) return String(bytes);
  const units = ["k", "M", "G", "T"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** power).toFixed(1)}${units[power - 1]}`;
}
