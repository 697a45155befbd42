import type { AuditFact, Instant, KeptCredential } from "coopd-core";
import { toInstant } from "coopd-core";
import type { ACCESS_CALLS } from "./oracle-access.ts";
import type { OracleState } from "./oracle-state.ts";
import type { Random } from "./random.ts";

const NAMES = ["laptop", "phone", "ci", "pi"] as const;
const FARM_TOKENS = ["farm:a", "farm:b"] as const;

/** Calls whose arguments are made here. */
export type AccessCall = keyof typeof ACCESS_CALLS;

/** Makes credentials, audit entries and dismissals for the random calls; ids are numbered, so that none is made twice. */
export class RandomAccess {
  readonly #random: Random;
  #last = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  args(name: AccessCall, state: OracleState, at: Instant): readonly unknown[] {
    switch (name) {
      case "addCredential":
        return [this.#credential(state, at)];
      case "removeCredential":
        return [this.#id(state)];
      case "dropStaleLogins":
        return [this.#parent()];
      case "touchCredentials":
        return [this.#used(state, at)];
      case "appendAudit":
        return [this.#auditFact(at)];
      case "dismiss":
        return [this.#dismissal(), at];
    }
  }

  #credential(state: OracleState, at: Instant): KeptCredential {
    this.#last += 1;
    const id = `k${this.#last}`;
    const isToken = this.#random.chance(0.4);
    const token = this.#random.pick([...state.credentials.values()].filter(({ kind }) => kind === "token"));
    const parent = this.#random.chance(0.5) ? (token?.id ?? null) : (this.#random.pick(FARM_TOKENS) ?? null);
    return {
      id,
      kind: isToken ? "token" : "login",
      name: isToken ? (this.#random.pick(NAMES) ?? "pi") : id,
      scope: this.#random.pick(["read", "operate", "admin"] as const) ?? "read",
      digest: `digest of ${id}`,
      parent: isToken ? null : parent,
      created_at: at,
      expires_at: this.#random.chance(0.4) ? toInstant(Date.parse(at) + this.#random.below(60_000)) : null,
      last_used_at: null,
    };
  }

  #id(state: OracleState): string {
    const known = this.#random.chance(0.9) ? this.#random.pick([...state.credentials.keys()]) : undefined;
    return known ?? "k0";
  }

  #parent(): string {
    return this.#random.pick(FARM_TOKENS) ?? "farm:a";
  }

  #used(state: OracleState, at: Instant): readonly { readonly id: string; readonly at: Instant }[] {
    return Array.from({ length: this.#random.below(3) }, () => ({
      id: this.#id(state),
      at: toInstant(Date.parse(at) - this.#random.below(9_000)), // reports come out of order
    }));
  }

  #auditFact(at: Instant): AuditFact {
    this.#last += 1;
    const target = this.#random.chance(0.8) ? `local.coop/h${this.#random.below(9)}` : null;
    const state = this.#random.chance(0.5) ? { state: "IDLE" } : null;
    const fixed = { actor: "farm token", origin: "127.0.0.1", action: "POST /api/v1/hens/{id}/hatch" };
    return { at, ...fixed, target, status: 200, request_id: `r${this.#last}`, before: null, after: state };
  }

  #dismissal(): string {
    return `job:${this.#random.below(300)}`;
  }
}
