import { CoopError } from "coopd-core";

/** What a person does when nothing answers. */
export const START_THE_DAEMON = "start the daemon: npm start, or coopd serve";

/** What the caller of a request that broke off wanted. */
export interface RequestFate {
  readonly url: string;
  /** The caller's own signal, if it gave one. */
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** A failure below HTTP as a CoopError: `cancelled` by the caller, `timeout`, or `unreachable`. */
export function toConnectionError(thrown: unknown, fate: RequestFate): CoopError {
  if (thrown instanceof CoopError) return thrown;
  if (fate.signal?.aborted === true) return new CoopError("cancelled", "given up", { cause: thrown });
  const name = thrown instanceof Error ? thrown.name : "";
  if (name === "TimeoutError") {
    return new CoopError("timeout", `no answer from ${fate.url} within ${fate.timeoutMs / 1000} s`, {
      next: "Is the daemon stuck? Its log says what it does; coop health asks whether it answers at all.",
      cause: thrown,
    });
  }
  return new CoopError("unreachable", `cannot reach ${fate.url}: ${causeInWords(thrown)}`, {
    next: START_THE_DAEMON,
    cause: thrown,
  });
}

function causeInWords(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return CAUSES[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

/** The system's and Bun's words for what went wrong, as a person would say them. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ConnectionRefused: "connection refused",
  ECONNRESET: "the connection broke off",
  ConnectionClosed: "the connection broke off",
  ENOTFOUND: "no such host",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the host",
  ETIMEDOUT: "the host does not answer",
};
