import { CoopError } from "coopd-core";
import type { z } from "zod";

/** What a model hears about one wrong field; more than these few would only repeat themselves. */
const ISSUES_MAX = 5;

/**
 * Parses a call's input. Unknown fields are ignored (contract/tools-sandbox.md).
 *
 * @throws CoopError `tool_input_invalid` that names each wrong field and what it should be.
 */
export function parseInput<Schema extends z.ZodType>(tool: string, schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, ISSUES_MAX).map((issue) => {
    const field = issue.path.join(".");
    return field === "" ? issue.message : `${field}: ${issue.message}`;
  });
  throw new CoopError("tool_input_invalid", `invalid input for ${tool}: ${faults.join("; ")}`, {
    next: "Send an object that fits the tool's input_schema.",
    details: { tool },
  });
}
