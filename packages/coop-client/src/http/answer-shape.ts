import type { Plain } from "../api/route.ts";
import { notCoop } from "./answer-body.ts";
import type { Answer, Transport } from "./transport.ts";

type Kind = "string" | "number" | "boolean" | "object";

/**
 * Takes an answer as an object with these fields. That the document promises a `Row` is the compiler's business; here is
 * checked what tells a coopd from another server, not every field. @throws CoopError `bad_answer`
 */
export function readObject<Row extends object>(
  transport: Transport,
  answer: Answer<Plain<Row>>,
  fields: Readonly<Partial<Record<keyof Row & string, Kind>>>,
): Row {
  const value = answer.json();
  if (!hasFields(value, fields)) throw notCoop(transport.baseUrl, "JSON of another shape than coopd's");
  return value as Row;
}

/** The same for an array of objects; `fields` holds for each. @throws CoopError `bad_answer` */
export function readRows<Row extends object>(
  transport: Transport,
  answer: Answer<readonly Plain<Row>[]>,
  fields: Readonly<Partial<Record<keyof Row & string, Kind>>>,
): readonly Row[] {
  const value = answer.json();
  if (!Array.isArray(value) || !value.every((row) => hasFields(row, fields))) {
    throw notCoop(transport.baseUrl, "JSON of another shape than coopd's");
  }
  return value as Row[];
}

function hasFields(value: unknown, fields: Readonly<Record<string, Kind | undefined>>): boolean {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Readonly<Record<string, unknown>>;
  return Object.entries(fields).every(([name, kind]) => typeof record[name] === kind && record[name] !== null);
}
