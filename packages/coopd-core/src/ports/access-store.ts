import type { AuditEntry, AuditFact, AuditHead } from "../access/audit.ts";
import type { KeptCredential } from "../access/credential.ts";
import type { Instant } from "../ids/brand.ts";

/** The part of the Store that keeps who may come in, and what was done; what it promises holds here too. */
export interface AccessStore {
  /** Tokens and logins that have not expired by `at`, by the time they were made. */
  credentials(at: Instant): Promise<readonly KeptCredential[]>;
  /** Of logins the oldest make way for a new one. @throws `token_exists` when a token has this name, `limit_reached` */
  addCredential(credential: KeptCredential): Promise<void>;
  /** Removes it and the logins that came from it. @returns the ids of what went; `token_not_found` is thrown when it was nothing */
  removeCredential(id: string): Promise<readonly string[]>;
  /** Removes logins whose parent begins with `farm:` and is not this one: the farm's token is another one now. */
  dropStaleLogins(parent: string): Promise<number>;
  /** When which was used last. Of ids that are gone nothing is kept. */
  touchCredentials(used: readonly { readonly id: string; readonly at: Instant }[]): Promise<void>;
  /** Adds an entry behind the last, chained to it. */
  appendAudit(fact: AuditFact): Promise<AuditEntry>;
  /** Ordered by seq, strictly behind `after`. */
  audit(page: { readonly after: number; readonly limit: number }): Promise<readonly AuditEntry[]>;
  auditHead(): Promise<AuditHead>;
}
