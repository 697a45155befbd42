import { createHash } from "node:crypto";
import {
  AUDIT_GENESIS,
  type AuditEntry,
  type AuditFact,
  auditText,
  fromInstant,
  type Instant,
  type KeptCredential,
} from "coopd-core";
import { type OracleState, Refused } from "./oracle-state.ts";

/** What is asked of credentials, of the audit trail and of what was waved aside. Bounds on their numbers have tests of their own. */
export const ACCESS_CALLS = {
  addCredential(state: OracleState, credential: KeptCredential): undefined {
    const isOver = ({ expires_at }: KeptCredential) =>
      expires_at !== null && fromInstant(expires_at) <= fromInstant(credential.created_at);
    const all = [...state.credentials.values()];
    const isTaken = all.some((one) => one.kind === "token" && one.name === credential.name && !isOver(one));
    if (credential.kind === "token" && isTaken) throw new Refused("token_exists");
    for (const one of all) if (isOver(one)) state.credentials.delete(one.id);
    state.credentials.set(credential.id, { ...credential, last_used_at: null });
  },

  removeCredential(state: OracleState, id: string): string[] {
    const gone = [...state.credentials.values()]
      .filter((one) => one.id === id || one.parent === id)
      .map((one) => one.id);
    if (gone.length === 0) throw new Refused("token_not_found");
    for (const one of gone) state.credentials.delete(one);
    return gone.sort();
  },

  dropStaleLogins(state: OracleState, parent: string): number {
    const stale = [...state.credentials.values()].filter(
      (one) => one.parent?.startsWith("farm:") === true && one.parent !== parent,
    );
    for (const { id } of stale) state.credentials.delete(id);
    return stale.length;
  },

  touchCredentials(state: OracleState, used: readonly { readonly id: string; readonly at: Instant }[]): undefined {
    for (const { id, at } of used) {
      const found = state.credentials.get(id);
      if (found === undefined || (found.last_used_at ?? "") >= at) continue;
      state.credentials.set(id, { ...found, last_used_at: at });
    }
  },

  appendAudit(state: OracleState, fact: AuditFact): AuditEntry {
    const before = state.audit.at(-1);
    const seq = (before?.seq ?? 0) + 1;
    const hash = createHash("sha256")
      .update(auditText(before?.hash ?? AUDIT_GENESIS, seq, fact))
      .digest("hex");
    const entry = { ...fact, seq, hash };
    state.audit.push(entry);
    return entry;
  },

  dismiss(state: OracleState, id: string, _at: Instant): undefined {
    state.dismissed.add(id);
  },
};
