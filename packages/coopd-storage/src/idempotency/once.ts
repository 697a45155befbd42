import { CoopError, IDEMPOTENCY_KEY_MS, IDEMPOTENCY_KEYS_MAX, type Instant, keyTaken, type OnceKey } from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";

/**
 * Binds the key to what the operation makes, in the operation's own transaction: there is no moment at which one is
 * there without the other. Called first, so that a repeated request meets its key before anything else refuses it.
 *
 * @throws CoopError `idempotency_conflict` when the key is bound already, `limit_reached`
 */
export function takeKey(
  scope: WriteScope,
  once: OnceKey | undefined,
  made: { readonly id: string; readonly at: Instant },
): void {
  if (once === undefined) return;
  const { key, request } = once;
  const at = toMs(made.at);
  const oldest = at - IDEMPOTENCY_KEY_MS;
  scope.sql.run("DELETE FROM idempotency_keys WHERE key = $key AND at_ms <= $oldest", { key, oldest });
  refuseTooMany(scope);
  const taken = scope.sql.get(
    `INSERT INTO idempotency_keys (key, request, made, at_ms) VALUES ($key, $request, $id, $at)
     ON CONFLICT (key) DO NOTHING RETURNING no`,
    { key, request, id: made.id, at },
  );
  if (taken === undefined) throw keyTaken(key);
}

/** What the request with this key made, if there was one. @throws CoopError `idempotency_conflict` when it was another request */
export function madeBy(scope: Scope, once: OnceKey, at: Instant): string | undefined {
  const row = scope.sql.get<{ request: string; made: string }>(
    "SELECT request, made FROM idempotency_keys WHERE key = $key AND at_ms > $oldest",
    { key: once.key, oldest: toMs(at) - IDEMPOTENCY_KEY_MS },
  );
  if (row === undefined) return undefined;
  if (row.request !== once.request) throw keyTaken(once.key);
  return row.made;
}

/** Rows go in the order of `no`, so the span of it bounds their number without a count of a million rows. */
function refuseTooMany(scope: Scope): void {
  const span = scope.sql.get<{ span: number | null }>(
    "SELECT (SELECT max(no) FROM idempotency_keys) - (SELECT min(no) FROM idempotency_keys) + 1 AS span",
  )?.span;
  if ((span ?? 0) < IDEMPOTENCY_KEYS_MAX) return;
  throw new CoopError("limit_reached", `${IDEMPOTENCY_KEYS_MAX} Idempotency-Keys of the last day are kept already`, {
    next: "Send fewer requests with a key, or send this one without.",
    details: { limit: "idempotency_keys", value: IDEMPOTENCY_KEYS_MAX },
  });
}
