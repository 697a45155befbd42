import { createHash } from "node:crypto";
import {
  AUDIT_GENESIS,
  AUDIT_ROWS_MAX,
  type AuditEntry,
  type AuditFact,
  type AuditHead,
  auditText,
  toInstant,
} from "coopd-core";
import { toMs } from "../rows/instants.ts";
import { type Scope, toRowLimit, type WriteScope } from "../rows/scope.ts";

interface Row {
  readonly seq: number;
  readonly at_ms: number;
  readonly body: string;
  readonly hash: string;
}

/** Rows that go at once when the trail is full, so that it is not one of them for every entry from then on. */
const PRUNED_AT_ONCE = 1_000;

/** Chained in the transaction that writes it, so that no two entries ever follow the same one. */
export function appendAudit(scope: WriteScope, fact: AuditFact): AuditEntry {
  const head = auditHead(scope);
  const seq = head.seq + 1;
  const { at, ...rest } = fact;
  const atMs = toMs(at);
  const exact = { ...rest, at: toInstant(atMs) }; // the hash is taken of what can be read back
  const hash = createHash("sha256")
    .update(auditText(head.hash, seq, exact))
    .digest("hex");
  scope.sql.run("INSERT INTO audit (seq, at_ms, body, hash) VALUES ($seq, $atMs, $body, $hash)", {
    seq,
    atMs,
    body: JSON.stringify(rest),
    hash,
  });
  if (seq - head.base.seq > AUDIT_ROWS_MAX) pruneAudit(scope, head.base.seq + PRUNED_AT_ONCE);
  return { ...exact, seq, hash };
}

/** A row that somebody damaged is told as it stands, so that the check of the chain finds it. */
export function audit(scope: Scope, page: { readonly after: number; readonly limit: number }): readonly AuditEntry[] {
  return scope.sql
    .all<Row>("SELECT seq, at_ms, body, hash FROM audit WHERE seq > $after ORDER BY seq LIMIT $limit", {
      after: page.after,
      limit: toRowLimit(page.limit),
    })
    .map(({ seq, at_ms, body, hash }) => ({ ...readBody(body), at: toInstant(at_ms), seq, hash }));
}

/** The end of the trail and its base. */
export function auditHead(scope: Scope): AuditHead {
  const base = scope.sql.get<{ seq: number; hash: string }>("SELECT seq, hash FROM audit_base") ?? {
    seq: 0,
    hash: AUDIT_GENESIS,
  };
  const last = scope.sql.get<{ seq: number; hash: string }>("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
  return { ...(last ?? base), base };
}

function pruneAudit(scope: WriteScope, seq: number): void {
  scope.sql.run(
    `INSERT INTO audit_base (id, seq, hash) SELECT 1, seq, hash FROM audit WHERE seq = $seq
     ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`,
    { seq },
  );
  scope.sql.run("DELETE FROM audit WHERE seq <= $seq", { seq });
}

function readBody(body: string): Omit<AuditFact, "at"> {
  const damaged = { actor: "", origin: "", action: "damaged", target: null, status: 0, request_id: "" };
  try {
    return JSON.parse(body);
  } catch {
    return { ...damaged, before: null, after: null };
  }
}
