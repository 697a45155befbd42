import { CoopError } from "coopd-core";

/** One thing that is wrong with a script, and where; line and column count from 1. */
export interface ScriptFault {
  readonly line: number;
  readonly column: number;
  /** As in `turn 2: tools[0].name`; empty for the text as a whole. */
  readonly path: string;
  readonly message: string;
}

/** As many as a person reads at once. */
export const FAULTS_MAX = 20;

/** `script_invalid` with every fault in its message, a line each, and in `details.faults`. */
export function toScriptError(faults: readonly ScriptFault[], cause?: unknown): CoopError {
  const lines = faults.map(({ line, column, path, message }) => {
    return `${line}:${column} ${path === "" ? "" : `${path} `}${message}`;
  });
  const text = lines.length === 1 ? lines[0] : `${lines.length} faults\n  ${lines.join("\n  ")}`;
  return new CoopError("script_invalid", `invalid script: ${text}`, {
    next: "A script is a YAML list of turns, as `- text: Hello`; see docs/scripted-brain.md.",
    details: { faults },
    ...(cause === undefined ? {} : { cause }),
  });
}
