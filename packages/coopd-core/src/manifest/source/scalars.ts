/** What a plain (unquoted) scalar means. */
export type PlainValue = null | boolean | number | string;

const HEX = /^0x[0-9a-fA-F]+$/;
const OCTAL = /^0o[0-7]+$/;
const BINARY = /^0b[01]+$/;
const DECIMAL = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
const LEADING_ZERO = /^[-+]?0\d+$/;

/**
 * Resolves a plain scalar by the core schema of YAML 1.2 as the original read it (contract/manifest.md, Parsing rules):
 * `yes`, `no`, `on`, `off` are strings, and so are digits behind a zero (`007`) and numbers beyond what a double holds.
 */
export function resolvePlain(text: string): PlainValue {
  if (isNullText(text)) return null;
  if (text === "true" || text === "True" || text === "TRUE") return true;
  if (text === "false" || text === "False" || text === "FALSE") return false;
  return toNumber(text) ?? text;
}

/** True for the empty scalar, `~` and `null` in its three spellings. */
export function isNullText(text: string): boolean {
  return text === "" || text === "~" || text === "null" || text === "Null" || text === "NULL";
}

function toNumber(text: string): number | undefined {
  if (LEADING_ZERO.test(text)) return undefined;
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  const isNegative = text.startsWith("-");
  const digits = isNegative || text.startsWith("+") ? text.slice(1) : text;
  if (!HEX.test(digits) && !OCTAL.test(digits) && !BINARY.test(digits) && !DECIMAL.test(digits)) return undefined;
  const value = Number(digits);
  if (!Number.isFinite(value)) return undefined;
  return isNegative && value !== 0 ? -value : value;
}
