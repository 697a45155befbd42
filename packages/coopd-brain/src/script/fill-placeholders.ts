import { CoopError } from "coopd-core";
import { fieldsOf, type ToolResult } from "./choose-turn.ts";

/** What the placeholders of a turn stand for. */
export interface PlaceholderSource {
  readonly turn: number;
  readonly prompt: string;
  readonly lastResult: ToolResult | undefined;
}

/** `{{prompt}}`, `{{last_result}}` and `{{last_result.FIELD}}`; anything else in braces is plain text. */
const PLACEHOLDER = /\{\{(?:(prompt)|last_result(?:\.([A-Za-z_][A-Za-z0-9_]{0,63}))?)\}\}/g;

/** A short text with many placeholders must not make an answer that no other brain could give. */
const FILLED_CHARS_MAX = 1024 * 1024;

/**
 * Puts the prompt and the last tool result where the text says, once: what was put in is not looked at again.
 * @throws CoopError `script_invalid` when there is no such result or field, or the text would grow beyond 1 Mi characters
 */
export function fillText(text: string, source: PlaceholderSource): string {
  let length = text.length;
  return text.replace(PLACEHOLDER, (placeholder, prompt: string | undefined, field: string | undefined) => {
    const value = prompt === undefined ? resultText(placeholder, field, source) : source.prompt;
    length += value.length - placeholder.length;
    if (length > FILLED_CHARS_MAX) throw fault(source, `grows beyond ${FILLED_CHARS_MAX} characters at ${placeholder}`);
    return value;
  });
}

/** The same in every text of a tool's input; keys are left as they are. */
export function fillInput(input: unknown, source: PlaceholderSource): unknown {
  if (typeof input === "string") return fillText(input, source);
  if (Array.isArray(input)) return input.map((item) => fillInput(item, source));
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, fillInput(value, source)]));
}

function resultText(placeholder: string, field: string | undefined, source: PlaceholderSource): string {
  const content = source.lastResult?.content;
  if (content === undefined) throw fault(source, `has ${placeholder}, but no tool result comes before it`);
  if (field === undefined) return content;
  const fields = fieldsOf(content);
  if (fields === undefined || !Object.hasOwn(fields, field)) {
    throw fault(source, `has ${placeholder}, but the last tool result has no such field`);
  }
  const value = fields[field];
  return typeof value === "string" ? value : JSON.stringify(value);
}

function fault(source: PlaceholderSource, message: string): CoopError {
  return new CoopError("script_invalid", `turn ${source.turn} of the script ${message}`, {
    next: "Put the turn behind a `when` that makes sure of the result (docs/scripted-brain.md).",
    details: { turn: source.turn },
  });
}
