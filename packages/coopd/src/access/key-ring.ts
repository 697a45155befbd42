import { createHash } from "node:crypto";
import {
  type AccessStore,
  type Clock,
  CoopError,
  type Credential,
  fromInstant,
  type KeptCredential,
  LOGIN_MS,
  LOGINS_MAX,
  type Scope,
  toInstant,
} from "coopd-core";
import type { Actor } from "./actor.ts";
import { makeSecret } from "./farm-token.ts";

/** What the ring hangs on. */
export interface KeyRingParts {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly newId: () => string;
  /** The farm's own token. */
  readonly farmToken: string;
  /** True when a person chose that token, so that it may be one that can be guessed. */
  readonly isChosen: boolean;
}

/** A new credential and, this once, its secret. */
export interface Made {
  readonly credential: Credential;
  readonly secret: string;
}

/** The time of a last use is written at most this often a credential, ms: it is for people who clear up. */
const TOUCH_MS = 60_000;

/**
 * Every secret that opens the door, as digests (control D3): the farm's token, named tokens, logins. A look-up compares a
 * SHA-256 of what was sent, so its time tells nothing of what is kept. The store is asked at the start and told of changes.
 */
export class KeyRing {
  readonly #parts: KeyRingParts;
  readonly #farmDigest: string;
  readonly #kept = new Map<string, KeptCredential>();
  readonly #touched = new Map<string, number>();
  readonly #revoked = new Set<(ids: ReadonlySet<string>) => void>();

  private constructor(parts: KeyRingParts) {
    this.#parts = parts;
    this.#farmDigest = digestOf(parts.farmToken);
  }

  /** Reads what is there; logins that came from another farm token are dropped. */
  static async open(parts: KeyRingParts): Promise<KeyRing> {
    const ring = new KeyRing(parts);
    await parts.store.dropStaleLogins(ring.#farmMark());
    for (const credential of await parts.store.credentials(ring.#now())) ring.#kept.set(credential.digest, credential);
    return ring;
  }

  /** Whose secret this is; undefined when it is nobody's, or its time is over. */
  find(secret: string): Actor | undefined {
    const digest = digestOf(secret);
    if (digest === this.#farmDigest) {
      return { kind: "farm", id: undefined, name: "farm token", scope: "admin", expiresAt: null };
    }
    const found = this.#kept.get(digest);
    if (found === undefined || this.#isOver(found)) return undefined;
    this.#touch(found);
    const { kind, id, name, scope, expires_at: expiresAt } = found;
    return { kind, id, name: `${kind} ${name}`, scope, expiresAt };
  }

  /** True for a secret that a person may have chosen and somebody may guess. */
  isGuessable(actor: Actor): boolean {
    return actor.kind === "farm" && this.#parts.isChosen;
  }

  /** @throws CoopError `token_exists`, `limit_reached` */
  async createToken(name: string, scope: Scope, expiresAt: KeptCredential["expires_at"]): Promise<Made> {
    return this.#make({ kind: "token", name, scope, expires_at: expiresAt, parent: null }, makeSecret("coopt"));
  }

  /** A browser's cookie in the name of whoever logs in: it may do no more, and lasts no longer. */
  async logIn(actor: Actor): Promise<Made> {
    const end = this.#parts.clock.nowMs() + LOGIN_MS;
    const expiresMs = actor.expiresAt === null ? end : Math.min(end, fromInstant(actor.expiresAt));
    const parent = actor.kind === "farm" ? this.#farmMark() : this.#parentOf(actor);
    const name = actor.name.replace(/^(?:token|login) /, "");
    const login = { kind: "login", name, scope: actor.scope, expires_at: toInstant(expiresMs), parent } as const;
    return this.#make(login, makeSecret("coopl"));
  }

  /** The token by its name or id, or the login by its id, with what came from it. @throws CoopError `token_not_found` */
  async revoke(nameOrId: string): Promise<Credential> {
    const found = this.list().find(({ id, kind, name }) => id === nameOrId || (kind === "token" && name === nameOrId));
    if (found === undefined) {
      throw new CoopError("token_not_found", `there is no token ${nameOrId}`, { next: "coop token list shows them." });
    }
    const gone = new Set(await this.#parts.store.removeCredential(found.id));
    for (const [digest, { id }] of this.#kept) if (gone.has(id)) this.#kept.delete(digest);
    for (const tell of this.#revoked) tell(gone);
    return found;
  }

  /** Tokens and logins whose time is not over, the oldest first; no secret and no digest is among it. */
  list(): readonly Credential[] {
    return [...this.#kept.values()]
      .filter((credential) => !this.#isOver(credential))
      .map(({ digest: _digest, ...credential }) => credential);
  }

  /** Called with the ids of what was revoked, so that what they hold open is closed. @returns the way to stop */
  onRevoked(tell: (ids: ReadonlySet<string>) => void): () => void {
    this.#revoked.add(tell);
    return () => this.#revoked.delete(tell);
  }

  async #make(
    parts: Pick<Credential, "kind" | "name" | "scope" | "expires_at" | "parent">,
    secret: string,
  ): Promise<Made> {
    const { newId, store } = this.#parts;
    const credential: Credential = { ...parts, id: newId(), created_at: this.#now(), last_used_at: null };
    const kept = { ...credential, digest: digestOf(secret) };
    await store.addCredential(kept);
    this.#forgetTheOver();
    this.#kept.set(kept.digest, kept);
    this.#forgetSurplusLogins();
    return { credential, secret };
  }

  /** A login made by a login hangs on the same token. */
  #parentOf(actor: Actor): string | null {
    const own = [...this.#kept.values()].find(({ id }) => id === actor.id);
    return own?.kind === "login" ? own.parent : (actor.id ?? null);
  }

  /** Changes with the farm's token and tells nothing of it. */
  #farmMark(): string {
    return `farm:${digestOf(`mark ${this.#farmDigest}`).slice(0, 16)}`;
  }

  /** The last use is told to the store in the background: it must not hold up the request, nor fail it. */
  #touch(credential: KeptCredential): void {
    const nowMs = this.#parts.clock.nowMs();
    if (nowMs - (this.#touched.get(credential.id) ?? 0) < TOUCH_MS) return;
    this.#touched.set(credential.id, nowMs);
    const at = toInstant(nowMs);
    this.#kept.set(credential.digest, { ...credential, last_used_at: at });
    this.#parts.store.touchCredentials([{ id: credential.id, at }]).catch(() => this.#touched.delete(credential.id));
  }

  /** As the store does: the oldest make way. */
  #forgetSurplusLogins(): void {
    const logins = [...this.#kept.values()].filter(({ kind }) => kind === "login");
    for (const { digest } of logins.slice(0, Math.max(0, logins.length - LOGINS_MAX))) this.#kept.delete(digest);
  }

  #forgetTheOver(): void {
    for (const [digest, credential] of this.#kept) {
      if (!this.#isOver(credential)) continue;
      this.#kept.delete(digest);
      this.#touched.delete(credential.id);
    }
  }

  #isOver({ expires_at: end }: Credential): boolean {
    return end !== null && fromInstant(end) <= this.#parts.clock.nowMs();
  }

  #now() {
    return toInstant(this.#parts.clock.nowMs());
  }
}

/** SHA-256 in hex. What is sent is 256 random bits or a person's own choice; guesses are counted by `Attempts`. */
function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
