import { type BrainRequest, type ContentBlock, CoopError, quote } from "coopd-core";
import type { Condition, Script, Turn } from "./script.ts";

/** What a tool call came to, as the brain is told. */
export type ToolResult = Extract<ContentBlock, { type: "tool_result" }>;

/** What the brain does now. */
export type Choice =
  | { readonly kind: "turn"; readonly number: number; readonly turn: Turn }
  /** Every place of the script has been played. */
  | { readonly kind: "end" };

/**
 * The turn to play now. A place is found from the number of answers that the conversation already holds, so nothing is
 * kept between calls, and a job that goes on after a crash goes on exactly where it was.
 * @throws CoopError `script_invalid` when no turn at this place fits the last tool result
 */
export function chooseTurn(script: Script, request: BrainRequest): Choice {
  const number = request.messages.filter(({ role }) => role === "assistant").length + 1;
  const place = script.places[number - 1];
  if (place === undefined) return { kind: "end" };
  const result = lastToolResult(request);
  const turn = place.find(({ when }) => when === undefined || (result !== undefined && fits(when, result)));
  if (turn !== undefined) return { kind: "turn", number, turn };
  const seen = result === undefined ? "there is no tool result" : `the last tool result is ${quote(result.content)}`;
  throw new CoopError("script_invalid", `turn ${number} of the script does not fit: ${seen}`, {
    next: "Add a case without `when` at this place, or change its `when` (docs/scripted-brain.md).",
    details: { turn: number },
  });
}

/** The last result in the last message, undefined when that message answers no tool call. */
export function lastToolResult(request: BrainRequest): ToolResult | undefined {
  const last = request.messages.at(-1);
  if (last?.role !== "user" || typeof last.content === "string") return undefined;
  return last.content.findLast((block) => block.type === "tool_result");
}

function fits(when: Condition, result: ToolResult): boolean {
  if (when.is_error !== undefined && when.is_error !== result.is_error) return false;
  if (when.contains !== undefined && !result.content.includes(when.contains)) return false;
  if (when.matches !== undefined && !when.matches.occursIn(result.content)) return false;
  return when.exit_code === undefined || fieldsOf(result.content)?.exit_code === when.exit_code;
}

/** A tool's output is a JSON object; what the brain is told of a failed call is not. */
export function fieldsOf(content: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined; // `ERROR: …`
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
