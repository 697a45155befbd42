/**
 * Every way Coop says no. The list is closed: a new refusal gets a row here, and the HTTP status and the exit code of
 * the command line are tables over it. Codes are stable; texts are for people and may change.
 */
export const ERROR_CODES = {
  // what was asked is malformed
  bad_request: { status: 400, exit: 2 },
  bad_id: { status: 400, exit: 2 },
  bad_query: { status: 400, exit: 2 },
  bad_json: { status: 400, exit: 2 },
  bad_shape: { status: 422, exit: 2 },
  bad_media_type: { status: 415, exit: 2 },
  body_too_large: { status: 413, exit: 2 },
  prompt_too_large: { status: 413, exit: 2 },
  manifest_invalid: { status: 400, exit: 2 },
  method_not_allowed: { status: 405, exit: 2 },
  // who asks, and from where
  unauthorized: { status: 401, exit: 5 },
  /** What was sent is right, and not enough for this. */
  scope_missing: { status: 403, exit: 5 },
  /** Too many wrong tokens from there within a minute. */
  too_many_attempts: { status: 429, exit: 5 },
  host_refused: { status: 403, exit: 5 },
  origin_refused: { status: 403, exit: 5 },
  // what was asked for is not there
  not_found: { status: 404, exit: 4 },
  hen_not_found: { status: 404, exit: 4 },
  job_not_found: { status: 404, exit: 4 },
  task_not_found: { status: 404, exit: 4 },
  secret_not_found: { status: 404, exit: 4 },
  token_not_found: { status: 404, exit: 4 },
  // it is there, and in the way
  hen_exists: { status: 409, exit: 6 },
  token_exists: { status: 409, exit: 6 },
  hen_busy: { status: 409, exit: 6 },
  hen_archived: { status: 409, exit: 6 },
  illegal_move: { status: 400, exit: 6 },
  job_ended: { status: 409, exit: 6 },
  idempotency_conflict: { status: 409, exit: 6 },
  /** Somebody else changed it first (RFC 9110 §13.1.1, If-Match). */
  revision_conflict: { status: 412, exit: 6 },
  vault_exists: { status: 409, exit: 6 },
  /** Another process has the vault's file open. */
  vault_busy: { status: 409, exit: 6 },
  revision_missing: { status: 428, exit: 2 },
  // a rule forbids it
  walls_missing: { status: 403, exit: 7 },
  policy_denied: { status: 403, exit: 7 },
  /** The program that the hen lives by is not inside its sandbox. */
  agent_missing: { status: 409, exit: 7 },
  tool_not_granted: { status: 403, exit: 7 },
  topic_refused: { status: 403, exit: 7 },
  delegation_refused: { status: 400, exit: 7 },
  /** A secret would go to a host that it is not bound to. */
  secret_not_allowed: { status: 403, exit: 7 },
  // a limit was met
  queue_full: { status: 429, exit: 8 },
  too_many_watchers: { status: 429, exit: 8 },
  limit_reached: { status: 409, exit: 8 },
  /** A ceiling on tokens or cost, which the next model call could have passed. */
  limit_cost: { status: 409, exit: 8 },
  // the brain
  /** No connection, none that held, too slow, or a fault of the server's own: another try may help. */
  brain_unavailable: { status: 502, exit: 9 },
  /** The server has too much to do. */
  brain_overloaded: { status: 503, exit: 9 },
  /** Too many calls or tokens for this key; `details.reset_at`, where the provider said, is the instant to come back. */
  brain_rate_limited: { status: 429, exit: 9 },
  /** The key is missing, wrong, or not allowed to do this; also an account without credit. */
  brain_auth: { status: 502, exit: 9 },
  /** The request is more than the model can read. */
  brain_context_too_long: { status: 502, exit: 9 },
  /** The server does not take the request: an unknown model, a malformed field. */
  brain_bad_request: { status: 502, exit: 9 },
  /** The model, or a filter before it, declined to answer. */
  brain_refused: { status: 502, exit: 9 },
  brain_answer_invalid: { status: 502, exit: 9 },
  brain_output_cut: { status: 502, exit: 9 },
  brain_unsupported: { status: 400, exit: 9 },
  script_invalid: { status: 400, exit: 9 },
  secret_unavailable: { status: 409, exit: 9 },
  /** It is there and must be unlocked first. */
  vault_locked: { status: 400, exit: 9 },
  /** No sound vault, or not this passphrase; one answer for all of it (contract/http-api.md: 400). */
  vault_refused: { status: 400, exit: 9 },
  // tools and walls
  tool_unknown: { status: 400, exit: 7 },
  tool_input_invalid: { status: 400, exit: 7 },
  tool_failed: { status: 500, exit: 7 },
  path_refused: { status: 403, exit: 7 },
  sandbox_failed: { status: 500, exit: 7 },
  // the daemon and its disk
  stale_epoch: { status: 409, exit: 1 },
  cancelled: { status: 409, exit: 3 },
  interrupted: { status: 503, exit: 1 },
  backup_invalid: { status: 400, exit: 2 },
  store_locked: { status: 503, exit: 1 },
  store_newer: { status: 503, exit: 1 },
  store_unavailable: { status: 503, exit: 1 },
  disk_full: { status: 507, exit: 1 },
  /** The daemon answers and cannot do its work: a disk, a thread or a wall is missing. */
  not_ready: { status: 503, exit: 1 },
  shutting_down: { status: 503, exit: 1 },
  unreachable: { status: 503, exit: 1 },
  timeout: { status: 504, exit: 1 },
  /** What answered is no coopd: the client's own finding, never sent by a daemon. */
  bad_answer: { status: 502, exit: 1 },
  internal: { status: 500, exit: 1 },
} as const satisfies Record<string, { readonly status: number; readonly exit: number }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return ERROR_CODES[code].status;
}

/** Exit code of the command line for a code. */
export function exitCodeOf(code: ErrorCode): number {
  return ERROR_CODES[code].exit;
}

/** True for a code of the closed list; what a client asks of a text that came over the wire. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}
