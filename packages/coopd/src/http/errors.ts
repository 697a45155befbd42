import { CoopError, type ErrorCode, type Log, statusOf, toCoopError, toErrorEnvelope } from "coopd-core";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { RequestEnv } from "./door/request-env.ts";

const STATUS_OF_LOG: number = 500;

/** The one way an error leaves: the envelope of contract/http-api.md §1 for every refusal, guards and bodies included. */
export function answerError(c: Context<RequestEnv>, thrown: unknown, log: Log): Response {
  const error = toCoopError(thrown);
  const status = statusOf(error.code);
  if (status >= STATUS_OF_LOG) {
    const { method, path } = c.req;
    log.warn("request failed", { request_id: c.get("requestId"), method, path, error });
  }
  return errorResponse(c, error);
}

/** The envelope with its status and the headers its code brings. */
export function errorResponse(c: Context<RequestEnv>, error: CoopError): Response {
  for (const [name, value] of HEADERS_OF[error.code] ?? []) c.header(name, value);
  return c.json(toErrorEnvelope(error), statusOf(error.code) as ContentfulStatusCode);
}

/** Headers that a code brings with it (contract/http-api.md §2.2; RFC 9110 §10.2.3). */
const HEADERS_OF: Partial<Readonly<Record<ErrorCode, readonly (readonly [string, string])[]>>> = {
  unauthorized: [["WWW-Authenticate", 'Bearer realm="coopd"']],
  too_many_attempts: [["Retry-After", "60"]],
  too_many_watchers: [["Retry-After", "5"]],
  queue_full: [["Retry-After", "5"]],
  not_ready: [["Retry-After", "5"]],
  shutting_down: [["Retry-After", "2"]],
};

/** The refusal of a path that no route has. */
export function notFound(path: string): CoopError {
  return new CoopError("not_found", `nothing lives at ${path}`, {
    next: "GET /api/v1/openapi.json lists every route.",
  });
}
