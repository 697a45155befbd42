/** How far a job is, as far as it is known. */
export interface Effort {
  /** 0 before the first. */
  readonly turn: number;
  /** The tool that runs, null while the brain thinks, undefined when nobody said. */
  readonly tool: string | null | undefined;
  readonly tokens: number;
}

/** `turn 3 · bash · 1234 tokens`; empty when nothing is known. */
export function toProgressText({ turn, tool, tokens }: Effort): string {
  const parts = [
    turn > 0 ? `turn ${turn}` : "",
    tool === undefined ? "" : (tool ?? (turn > 0 ? "thinking" : "beginning")),
    tokens > 0 ? `${tokens} tokens` : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** `: the brain is away`, what an error adds to the status; nothing where it only says it again, as in `CANCELLED: cancelled`. */
export function toReasonText(status: string, error: string | null): string {
  return error === null || error === "" || error.toLowerCase() === status.toLowerCase() ? "" : `: ${error}`;
}
