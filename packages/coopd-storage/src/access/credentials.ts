import {
  CoopError,
  type Credential,
  type Instant,
  type KeptCredential,
  LOGINS_MAX,
  TOKENS_MAX,
  toInstant,
} from "coopd-core";
import { toMs } from "../rows/instants.ts";
import type { Scope, WriteScope } from "../rows/scope.ts";

interface Row {
  readonly id: string;
  readonly kind: Credential["kind"];
  readonly name: string;
  readonly scope: Credential["scope"];
  readonly digest: string;
  readonly parent: string | null;
  readonly created_ms: number;
  readonly expires_ms: number | null;
  readonly used_ms: number | null;
}

/** Those that have not expired. There are at most TOKENS_MAX + LOGINS_MAX. */
export function credentials(scope: Scope, at: Instant): readonly KeptCredential[] {
  return scope.sql
    .all<Row>("SELECT * FROM credentials WHERE expires_ms IS NULL OR expires_ms > $now ORDER BY created_ms, id", {
      now: toMs(at),
    })
    .map(({ created_ms, expires_ms, used_ms, ...rest }) => ({
      ...rest,
      created_at: toInstant(created_ms),
      expires_at: expires_ms === null ? null : toInstant(expires_ms),
      last_used_at: used_ms === null ? null : toInstant(used_ms),
    }));
}

/** In one transaction with making room, so that two logins at once never both count the last place. */
export function addCredential(scope: WriteScope, credential: KeptCredential): void {
  const { id, kind, name, digest, parent } = credential;
  const created = toMs(credential.created_at);
  scope.sql.run("DELETE FROM credentials WHERE expires_ms <= $created", { created });
  if (kind === "token") refuseToken(scope, name);
  else makeRoomForLogin(scope);
  scope.sql.run(
    `INSERT INTO credentials (id, kind, name, scope, digest, parent, created_ms, expires_ms, used_ms)
     VALUES ($id, $kind, $name, $scope, $digest, $parent, $created, $expires, NULL)`,
    {
      id,
      kind,
      name,
      scope: credential.scope,
      digest,
      parent,
      created,
      expires: credential.expires_at === null ? null : toMs(credential.expires_at),
    },
  );
}

/** A token with its logins, or a login alone. @throws CoopError `token_not_found` */
export function removeCredential(scope: WriteScope, id: string): readonly string[] {
  const rows = scope.sql.all<{ id: string }>("DELETE FROM credentials WHERE id = $id OR parent = $id RETURNING id", {
    id,
  });
  if (rows.length === 0) throw new CoopError("token_not_found", `there is no token ${id}`);
  return rows.map((row) => row.id).sort(); // RETURNING promises no order
}

/** @returns how many went */
export function dropStaleLogins(scope: WriteScope, parent: string): number {
  return scope.sql.all("DELETE FROM credentials WHERE parent GLOB 'farm:*' AND parent <> $parent RETURNING id", {
    parent,
  }).length;
}

/** Later times only: two requests may report out of order. */
export function touchCredentials(
  scope: WriteScope,
  used: readonly { readonly id: string; readonly at: Instant }[],
): void {
  for (const { id, at } of used) {
    scope.sql.run("UPDATE credentials SET used_ms = max(coalesce(used_ms, 0), $at) WHERE id = $id", {
      id,
      at: toMs(at),
    });
  }
}

function countOf(scope: Scope, kind: Credential["kind"]): number {
  return (
    scope.sql.get<{ count: number }>("SELECT count(*) AS count FROM credentials WHERE kind = $kind", { kind })?.count ??
    0
  );
}

function refuseToken(scope: Scope, name: string): void {
  const taken = scope.sql.get("SELECT 1 FROM credentials WHERE kind = 'token' AND name = $name", { name });
  if (taken !== undefined) {
    throw new CoopError("token_exists", `there is a token named ${name} already`, {
      next: `Revoke it first: coop token revoke ${name}`,
    });
  }
  if (countOf(scope, "token") < TOKENS_MAX) return;
  throw new CoopError("limit_reached", `there are ${TOKENS_MAX} tokens already`, {
    next: "Revoke those that nobody uses: coop token list says when each was used last.",
    details: { limit: "tokens", value: TOKENS_MAX },
  });
}

function makeRoomForLogin(scope: WriteScope): void {
  const surplus = countOf(scope, "login") - LOGINS_MAX + 1;
  if (surplus <= 0) return;
  scope.sql.run(
    `DELETE FROM credentials WHERE id IN
      (SELECT id FROM credentials WHERE kind = 'login' ORDER BY created_ms, id LIMIT $surplus)`,
    { surplus },
  );
}
