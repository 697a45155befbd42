import type { FaultAnswer } from "coop-client";

/** What a fault says, without its place. */
export function faultText({ message, expected, nearest }: FaultAnswer): string {
  const more = expected === undefined ? "" : `; expected ${expected}`;
  return `${message}${more}${nearest === undefined ? "" : `; did you mean “${nearest}”?`}`;
}
