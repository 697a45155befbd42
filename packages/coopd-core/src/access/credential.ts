import type { Instant } from "../ids/brand.ts";
import type { Scope } from "./scope.ts";

/** token: made by the farmer, with a name. login: a browser's cookie. */
export type CredentialKind = "token" | "login";

/** Something that opens the door, without the secret itself: of that only a digest is kept. */
export interface Credential {
  readonly id: string;
  readonly kind: CredentialKind;
  readonly name: string;
  readonly scope: Scope;
  readonly created_at: Instant;
  /** Null: until it is revoked. */
  readonly expires_at: Instant | null;
  /** Exact to the minute; null before the first use. */
  readonly last_used_at: Instant | null;
  /** What it came from: the id of a token, or a mark of the farm's own token; it ends with it. Null for a token. */
  readonly parent: string | null;
}

/** A credential with the SHA-256 of its secret, in hex, by which it is found. */
export interface KeptCredential extends Credential {
  readonly digest: string;
}

/** Tokens that may be there at once; each is somebody's or some machine's, and a person keeps account of them. */
export const TOKENS_MAX = 1_000;
/** Logins that may be there at once; the oldest make way. */
export const LOGINS_MAX = 1_000;
/** A login lasts this long, ms: the original's 30 days. */
export const LOGIN_MS = 30 * 86_400_000;
