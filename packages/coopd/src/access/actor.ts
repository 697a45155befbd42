import type { Instant, Scope } from "coopd-core";

/** Who sent a request, as far as it was proved. */
export interface Actor {
  /** `anyone` where no token is asked for; `farm` for the farm's own token; else a token or a login. */
  readonly kind: "anyone" | "farm" | "token" | "login";
  /** Of the credential, by which it is revoked; `farm` and `anyone` have none. */
  readonly id: string | undefined;
  /** For the audit trail: never anything of the secret. */
  readonly name: string;
  readonly scope: Scope;
  readonly expiresAt: Instant | null;
}

/** With `COOP_AUTH=none` everybody is this one. */
export const ANYONE: Actor = { kind: "anyone", id: undefined, name: "anyone", scope: "admin", expiresAt: null };
