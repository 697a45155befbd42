import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { type Clock, CoopError, type Log } from "coopd-core";
import { type DeriveKey, type FileIdentity, type Secret, type SecretEntry, Vault } from "coopd-vault";
import { Attempts } from "./attempts.ts";

/** What keeping a vault needs. */
export interface VaultKeeperParts {
  readonly clock: Clock;
  readonly log: Log;
  /** The vault that is meant while none is open, for hints; undefined when nobody named one. */
  readonly usualPath: string | undefined;
  /** Where a vault is made when nobody named a place: the farm's own folder. */
  readonly ownPath: string;
  /** Told of every vault that was opened, so that the next daemon and a backup know it. */
  readonly remember: (path: string) => Promise<void>;
  /** Argon2id; tests put a quick one. */
  readonly derive: DeriveKey;
}

/** The vault as the API shows it. */
export interface VaultStatus {
  readonly unlocked: boolean;
  /** Real path of the one that is open, else of the one that was. */
  readonly path: string | null;
  /** Which file is open: a command that means the same one goes through the daemon. */
  readonly file: FileIdentity | null;
  readonly secrets: number;
}

/**
 * The one vault that the daemon has open, or none. Opening, locking and a change of passphrase come one after the other; reading a
 * secret waits for none of them. Whoever made it closes it.
 */
export class VaultKeeper {
  readonly #parts: VaultKeeperParts;
  readonly #attempts: Attempts;
  readonly #listeners = new Set<() => void>();
  #vault: Vault | undefined;
  #usualPath: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: VaultKeeperParts) {
    this.#parts = parts;
    this.#attempts = new Attempts(() => parts.clock.nowMs());
    this.#usualPath = parts.usualPath;
  }

  /** Called whenever the vault was opened or locked, or holds other secrets, or binds one to other hosts. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  status(): VaultStatus {
    const path = this.#vault?.path ?? this.#usualPath ?? null;
    const entries = this.#vault?.entries() ?? [];
    return { unlocked: this.#vault !== undefined, path, file: this.#vault?.identity ?? null, secrets: entries.length };
  }

  /** Without values; empty while it is locked. */
  entries(): readonly SecretEntry[] {
    return this.#vault?.entries() ?? [];
  }

  /**
   * Opens the vault at a path of this host, in place of the one that is open. A refusal takes as long and says the same whatever
   * was wrong, so that it tells nobody which files there are; the log says what it was.
   * @throws CoopError `vault_refused`, `too_many_attempts`
   */
  unlock(path: string, passphrase: Secret): Promise<void> {
    return this.#inTurn(async () => {
      this.#attempts.assertAllowed();
      const opened = await this.#open(resolve(path), passphrase);
      if (opened !== this.#vault) this.#vault?.close();
      this.#vault = opened;
      this.#usualPath = opened.path;
      await this.#parts.remember(opened.path);
      this.#parts.log.info("the vault is open", { path: opened.path, secrets: opened.entries().length });
      this.#tell();
    });
  }

  /**
   * Makes an empty vault where this farm's is meant to be, and opens it; never in place of a file that is there. Answers its path:
   * whoever asks does not choose it. @throws CoopError `vault_exists`, `bad_request`, `vault_refused`, `disk_full`
   */
  init(passphrase: Secret): Promise<string> {
    return this.#inTurn(async () => {
      const { derive, remember, log, ownPath } = this.#parts;
      if (this.#vault !== undefined) {
        throw new CoopError("vault_exists", `the vault ${this.#vault.path} is open; none is made in its place`);
      }
      const made = await Vault.create({ path: this.#usualPath ?? ownPath, passphrase, derive });
      this.#vault = made;
      this.#usualPath = made.path;
      await remember(made.path);
      log.info("a vault was made and is open", { path: made.path });
      this.#tell();
      return made.path;
    });
  }

  /** Overwrites key and secrets; jobs that need one wait from their next call on. */
  lock(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#vault === undefined) return;
      this.#vault.close();
      this.#vault = undefined;
      this.#parts.log.info("the vault is locked");
      this.#tell();
    });
  }

  /** Takes the value over. @throws CoopError `vault_locked`, `bad_request`, `vault_refused`, `disk_full` */
  put(name: string, value: Secret, hosts?: readonly string[]): void {
    this.#requireOpen().put(name, value, hosts);
    this.#tell();
  }

  /** @throws CoopError `vault_locked`, `secret_not_found` */
  remove(name: string): void {
    this.#requireOpen().remove(name);
    this.#tell();
  }

  /** @throws CoopError `vault_locked`, `secret_not_found`, `bad_request` */
  bind(name: string, hosts: readonly string[]): void {
    this.#requireOpen().bind(name, hosts);
    this.#tell();
  }

  /** Changes the passphrase of the vault that is open. @throws CoopError `vault_locked`, `vault_refused`, `too_many_attempts` */
  rotate(passphrase: Secret, next: Secret): Promise<void> {
    return this.#inTurn(async () => {
      this.#attempts.assertAllowed();
      const vault = this.#requireOpen();
      if (!(await vault.isPassphrase(passphrase))) {
        this.#attempts.failed();
        throw new CoopError("vault_refused", "the passphrase is wrong; nothing was changed");
      }
      await vault.rotate(next);
    });
  }

  /** The vault's own Secret; the next change of the vault may close it. @throws CoopError `secret_unavailable` saying what would help */
  secret(name: string): Secret {
    const path = this.status().path ?? "PATH";
    if (this.#vault === undefined) {
      throw new CoopError("secret_unavailable", `the vault is locked, and the key vault:${name} is in it`, {
        next: `coop vault unlock ${path}`,
      });
    }
    const secret = this.#vault.secret(name);
    if (secret !== undefined) return secret;
    throw new CoopError("secret_unavailable", `the vault has no secret vault:${name}`, {
      next: `coop vault put ${path} ${name}`,
    });
  }

  hostsOf(name: string): readonly string[] {
    return this.#vault?.hostsOf(name) ?? [];
  }

  get isUnlocked(): boolean {
    return this.#vault !== undefined;
  }

  /** Locks it for good. */
  async close(): Promise<void> {
    await this.lock();
  }

  /** The file that is open already is not opened twice: its lock is ours. */
  async #open(path: string, passphrase: Secret): Promise<Vault> {
    const { derive, log } = this.#parts;
    let isDerived = false;
    const deriveOnce: DeriveKey = (secret, salt) => {
      isDerived = true;
      return derive(secret, salt);
    };
    try {
      const vault = this.#vault;
      if (vault === undefined || vault.path !== path) {
        return await Vault.open({ path, passphrase, derive: deriveOnce });
      }
      isDerived = true;
      if (await vault.isPassphrase(passphrase)) return vault;
      throw new CoopError("vault_refused", "the passphrase is wrong");
    } catch (error) {
      this.#attempts.failed();
      if (!isDerived) (await derive(passphrase, new Uint8Array(randomBytes(32)))).fill(0);
      log.warn("a vault was not opened", { path, error });
      throw new CoopError(
        "vault_refused",
        "the vault was not opened: there is none, or it cannot be read, is damaged or in use, or the passphrase is wrong",
        { next: "On the daemon's host `coop vault list PATH` says which." },
      );
    }
  }

  #requireOpen(): Vault {
    if (this.#vault !== undefined) return this.#vault;
    throw new CoopError("vault_locked", "the vault is locked", {
      next: `coop vault unlock ${this.#usualPath ?? "PATH"}`,
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.catch(() => undefined).then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
