import type { ErrorCode } from "./codes.ts";

export interface CoopErrorParts {
  /** What the reader can do about it, as one imperative sentence or a command. */
  readonly next?: string;
  /** Machine-readable particulars that a client may act on; never a secret, never a host path. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error of Coop. `message`, `next` and `details` are what a client sees; `cause` is for the log only.
 * Foreign errors become one of these at the adapter that met them.
 */
export class CoopError extends Error {
  override readonly name = "CoopError";
  readonly code: ErrorCode;
  readonly next: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, parts: CoopErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.next = parts.next;
    this.details = parts.details;
  }
}

/** The error envelope on the wire: `error` is the original's field, the rest is added (contract/http-api.md §1). */
export interface ErrorEnvelope {
  readonly error: string;
  readonly code: ErrorCode;
  /** Machine-readable particulars; null where there are none. */
  readonly detail: Readonly<Record<string, unknown>> | null;
  readonly next?: string;
  /** The same as `detail`, where there are any: the name that clients of this API know since its first day. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a client is sent of an error: everything but its cause. */
export function toErrorEnvelope(error: CoopError): ErrorEnvelope {
  return {
    code: error.code,
    detail: error.details ?? null,
    ...(error.details === undefined ? {} : { details: error.details }),
    error: error.message,
    ...(error.next === undefined ? {} : { next: error.next }),
  };
}

/** Any thrown value as a CoopError: ours pass through, others become `internal` with the original as cause. */
export function toCoopError(thrown: unknown, code: ErrorCode = "internal"): CoopError {
  if (thrown instanceof CoopError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new CoopError(code, code === "internal" ? "internal error; see the daemon's log" : text, { cause: thrown });
}
