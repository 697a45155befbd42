import { CoopError, type ErrorCode, isErrorCode } from "coopd-core";
import { clipText, readAnswerStart } from "./answer-body.ts";

/** Room for a refusal that lists every fault of a large manifest. */
const ERROR_BYTES_MAX = 1_048_576;

/**
 * A refusal as a CoopError. The JSON envelope of contract/http-api.md §1 is taken as it is; the original's has only
 * `error`, and guards, body readers and proxies answer in text or HTML: then the status stands for the code, and the body
 * is kept, clipped (weaknesses H: the original's CLI hid it).
 */
export async function readAnswerError(response: Response): Promise<CoopError> {
  const text = await readAnswerStart(response, ERROR_BYTES_MAX);
  const envelope = parseEnvelope(text);
  const { status } = response;
  const location = response.headers.get("location");
  if (status >= 300 && status < 400 && location !== null) return redirected(location);
  if (envelope === undefined) {
    const code = TEXT_CODES[status] ?? codeOfStatus(status);
    const body = clipText(text);
    const said = `${status} ${response.statusText || STATUS_WORDS[status] || ""}`.trim();
    const message = body === "" ? `the server answered ${said}` : `the server answered ${said}: ${body}`;
    return new CoopError(code, message, { ...nextOf(code), details: { status, body } });
  }
  const code = envelope.code ?? codeOfStatus(status);
  const next = envelope.next === undefined ? nextOf(code) : { next: envelope.next };
  return new CoopError(code, envelope.error, { ...next, ...(envelope.details && { details: envelope.details }) });
}

/** Not followed: the token is for the address it was given with. */
function redirected(location: string): CoopError {
  return new CoopError("bad_answer", `the server redirects to ${clipText(location)}`, {
    next: "If that is your daemon, give its address: coop --api URL, or COOP_API.",
    details: { location },
  });
}

interface Envelope {
  readonly error: string;
  readonly code: ErrorCode | undefined;
  readonly next: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
}

function parseEnvelope(text: string): Envelope | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // text or HTML, which is shown as it is
  }
  if (!isRecord(value) || typeof value.error !== "string") return undefined;
  return {
    error: value.error,
    code: typeof value.code === "string" && isErrorCode(value.code) ? value.code : undefined,
    next: typeof value.next === "string" ? value.next : undefined,
    details: isRecord(value.details) ? value.details : undefined,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The code that a status means when the body names none. */
const STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
  401: "unauthorized",
  403: "policy_denied",
  404: "not_found",
  405: "method_not_allowed",
  409: "illegal_move",
  413: "body_too_large",
  415: "bad_media_type",
  422: "bad_shape",
  429: "limit_reached",
  502: "unreachable", // a gateway that did not reach the daemon
  503: "unreachable",
  504: "timeout",
  507: "disk_full",
};

/** In plain text a 403 is the original's Host and Origin guard (contract/http-api.md §2.1). */
const TEXT_CODES: Readonly<Record<number, ErrorCode>> = { 403: "host_refused" };

function codeOfStatus(status: number): ErrorCode {
  const code = STATUS_CODES[status];
  if (code !== undefined) return code;
  if (status >= 500) return "internal";
  return status >= 400 ? "bad_request" : "bad_answer";
}

/** HTTP/2 and some servers send no reason phrase. */
const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

function nextOf(code: ErrorCode): { readonly next?: string } {
  const next = NEXT_STEPS[code];
  return next === undefined ? {} : { next };
}

const NEXT_STEPS: Partial<Readonly<Record<ErrorCode, string>>> = {
  unauthorized: "Send the daemon's token, <data dir>/token: coop --token-file FILE …, or set COOP_API_TOKEN.",
  host_refused: "Call the daemon as 127.0.0.1 or localhost; behind a reverse proxy it needs COOP_PUBLIC=1.",
  internal: "Look into the daemon's log.",
};
