import { inspect } from "node:util";
import { CoopError, type Log } from "coopd-core";

const LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LEVELS)[number] | "off";

/** True for `debug`, `info`, `warn`, `error` and `off`. */
export function isLogLevel(text: string): text is LogLevel {
  return text === "off" || (LEVELS as readonly string[]).includes(text);
}

export interface LogParts {
  readonly level: LogLevel;
  readonly format: "text" | "json";
  /** Gets one line at a time, line feed included. */
  readonly write: (line: string) => void;
  readonly color: boolean;
}

const COLORS: Readonly<Record<string, string>> = {
  debug: "\x1b[2m",
  info: "\x1b[32m",
  warn: "\x1b[33m",
  error: "\x1b[31m",
};

/**
 * One event a line: time, level, fixed message, fields. Text for people, JSON for machines. An error's whole chain of
 * causes goes here and nowhere else; what a client sees is its CoopError.
 */
export function createLog(parts: LogParts): Log {
  const from = parts.level === "off" ? LEVELS.length : LEVELS.indexOf(parts.level);
  const at =
    (level: (typeof LEVELS)[number]) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      if (LEVELS.indexOf(level) < from) return;
      const time = new Date().toISOString();
      if (parts.format === "json") {
        const safe = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, toField(value)]));
        parts.write(`${JSON.stringify({ time, level, message, ...safe })}\n`);
        return;
      }
      const tail = Object.entries(fields).map(([key, value]) => ` ${key}=${toText(toField(value))}`);
      const [on, off] = parts.color ? [COLORS[level] ?? "", "\x1b[0m"] : ["", ""];
      parts.write(`${time} ${on}${level.toUpperCase().padEnd(5)}${off} ${message}${tail.join("")}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Errors become their texts, causes included; everything else that is not plain JSON is printed by its own rule. */
function toField(value: unknown): unknown {
  if (value instanceof Error) {
    const code = value instanceof CoopError ? `${value.code}: ` : "";
    const cause = value.cause === undefined ? "" : ` <- ${String(toField(value.cause))}`;
    return `${code}${value.message}${cause}`;
  }
  if (value === null || typeof value !== "object") return value;
  return inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY });
}

/** Line feeds and control characters in a field cannot forge a log line. */
function toText(value: unknown): string {
  const text = String(value);
  return /^[\w.:/@%+,-]+$/.test(text) ? text : JSON.stringify(text);
}
