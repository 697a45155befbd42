import type { Instant } from "../ids/brand.ts";

/** What an entry says; it never has a body, a value or a secret in it. */
export interface AuditFact {
  readonly at: Instant;
  /** Who: `farm token`, `token NAME`, `login NAME`, `anyone` where no token is asked for, `nobody` who was not let in. */
  readonly actor: string;
  /** From where: the peer's address. */
  readonly origin: string;
  /** What was asked, as the route's words: `POST /api/v1/hens/{id}/hatch`. */
  readonly action: string;
  /** On what, as it was named in the path; null for the farm as a whole. */
  readonly target: string | null;
  /** The answer's HTTP status. */
  readonly status: number;
  /** By which the log's lines of this request are found. */
  readonly request_id: string;
  /** What the target was before and after, in a few words; null where there was nothing. */
  readonly before: AuditState | null;
  readonly after: AuditState | null;
}

/** A few plain facts: a state, a count, a name. */
export type AuditState = Readonly<Record<string, string | number | boolean | null>>;

/** One link of the trail: what was said, its place, and the digest that chains it to the one before. */
export interface AuditEntry extends AuditFact {
  readonly seq: number;
  /** SHA-256 over {@link auditText}, in hex. */
  readonly hash: string;
}

/** What the first entry is chained to. */
export const AUDIT_GENESIS = "0".repeat(64);

/**
 * What an entry's hash is taken of: the hash before it, then its fields in this order, as JSON. Whoever changes, removes or
 * slips in an entry breaks every hash behind it.
 */
export function auditText(previous: string, seq: number, fact: AuditFact): string {
  const { at, actor, origin, action, target, status, request_id, before, after } = fact;
  return JSON.stringify([
    previous,
    seq,
    at,
    actor,
    origin,
    action,
    target,
    status,
    request_id,
    sorted(before),
    sorted(after),
  ]);
}

/** What the store keeps is JSON; the order of its keys must not decide about a hash. */
function sorted(state: AuditState | null): readonly (readonly [string, unknown])[] | null {
  return state === null ? null : Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The trail's end, and what was taken off its beginning. */
export interface AuditHead {
  /** The newest entry; 0 and the genesis while there is none. */
  readonly seq: number;
  readonly hash: string;
  /** The entry before the oldest one that is kept: the chain is checked from here. */
  readonly base: { readonly seq: number; readonly hash: string };
}

/** Entries that are kept; the oldest make way, and what they were chained to stays known. */
export const AUDIT_ROWS_MAX = 500_000;

/**
 * Follows the chain over one page. @returns the first entry that does not fit, or where the next page must go on
 * `digest`: SHA-256 in hex.
 */
export function followAudit(
  from: { readonly seq: number; readonly hash: string },
  entries: readonly AuditEntry[],
  digest: (text: string) => string,
): { readonly broken: number } | { readonly seq: number; readonly hash: string } {
  let { seq, hash } = from;
  for (const entry of entries) {
    if (entry.seq !== seq + 1 || entry.hash !== digest(auditText(hash, entry.seq, entry))) return { broken: entry.seq };
    ({ seq, hash } = entry);
  }
  return { seq, hash };
}
