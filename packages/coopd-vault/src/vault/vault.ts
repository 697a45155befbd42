import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Stats } from "node:fs";
import { CoopError } from "coopd-core";
import { makeFolderOf, readPrivateFile, toRealPath, writePrivateFile } from "../disk/private-file.ts";
import { takeVaultLock, type VaultLock } from "../disk/vault-lock.ts";
import type { Contents } from "../file/contents.ts";
import { seal, unseal } from "../file/seal.ts";
import { FILE_BYTES_MAX, formatSealedFile, parseSealedFile, type SealedFile } from "../file/sealed-file.ts";
import { KDF } from "../kdf/argon2id.ts";
import { type DeriveKey, deriveKey } from "../kdf/derive-key.ts";
import type { Secret } from "../secret/secret.ts";
import { parseBoundHosts, requireSecretName, SECRET_BYTES_MAX } from "./secret-name.ts";
import { toVaultError } from "./vault-faults.ts";

/** Which file it is, whatever path leads to it; a write gives it another inode. As decimal texts. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
}

/** What may be told of a secret. */
export interface SecretEntry {
  readonly name: string;
  /** Where it may be sent to besides its provider's own host. */
  readonly hosts: readonly string[];
}

/** Where the file is, what opens it, and how keys are derived; tests put a quick one. */
export interface VaultParts {
  readonly path: string;
  readonly passphrase: Secret;
  readonly derive?: DeriveKey;
}

/**
 * A vault file that is open: its key and secrets are in memory, and this process alone may write it. Every change reads the
 * file again, so that whatever else wrote it is kept, and is on disk when it returns. Whoever opened it closes it, which
 * overwrites key and secrets.
 */
export class Vault {
  /** Real path. */
  readonly path: string;
  readonly #derive: DeriveKey;
  readonly #lock: VaultLock | undefined;
  #key: Uint8Array;
  #salt: Uint8Array;
  #contents: Contents;
  #identity: FileIdentity;

  private constructor(parts: {
    readonly path: string;
    readonly derive: DeriveKey;
    readonly lock: VaultLock | undefined;
    readonly key: Uint8Array;
    readonly salt: Uint8Array;
    readonly contents: Contents;
    readonly stat: Stats;
  }) {
    this.path = parts.path;
    this.#derive = parts.derive;
    this.#lock = parts.lock;
    this.#key = parts.key;
    this.#salt = parts.salt;
    this.#contents = parts.contents;
    this.#identity = toIdentity(parts.stat);
  }

  /**
   * Makes a new, empty vault, and the folders above it (0700). @throws CoopError `vault_exists`, `bad_request` for an empty
   * passphrase, `vault_refused` where it cannot be written, `disk_full`
   */
  static async create({ passphrase, derive = deriveKey, ...parts }: VaultParts): Promise<Vault> {
    requirePassphrase(passphrase);
    const path = guarded(parts.path, () => {
      makeFolderOf(parts.path);
      return toRealPath(parts.path);
    });
    const lock = takeVaultLock(path);
    try {
      const salt = new Uint8Array(randomBytes(KDF.saltBytes));
      const key = await derive(passphrase, salt);
      const contents: Contents = { secrets: new Map(), hosts: new Map() };
      const bytes = formatSealedFile(seal(contents, key, salt));
      const stat = guarded(path, () => writePrivateFile(path, bytes, { isNew: true }));
      return new Vault({ path, derive, lock, key, salt, contents, stat });
    } catch (error) {
      lock?.release();
      throw error;
    }
  }

  /**
   * Opens a vault and takes its lock.
   * @throws CoopError `vault_refused` for a missing, unreadable, foreign or damaged file and a wrong passphrase;
   * `vault_busy` while another process has it open; `bad_request` for an empty passphrase, whatever the file is
   */
  static async open({ passphrase, derive = deriveKey, ...parts }: VaultParts): Promise<Vault> {
    requirePassphrase(passphrase);
    const path = guarded(parts.path, () => toRealPath(parts.path));
    guarded(path, () => readFile(path)); // a lock file is left only beside what is a vault
    const lock = takeVaultLock(path);
    let key: Uint8Array | undefined;
    try {
      const { file, stat } = guarded(path, () => readFile(path));
      key = await derive(passphrase, file.salt);
      return new Vault({ path, derive, lock, key, salt: file.salt, contents: unseal(file, key), stat });
    } catch (error) {
      key?.fill(0);
      lock?.release();
      throw error;
    }
  }

  get identity(): FileIdentity {
    return this.#identity;
  }

  /** By name, in order. */
  entries(): readonly SecretEntry[] {
    return [...this.#contents.secrets.keys()].sort().map((name) => ({ name, hosts: this.hostsOf(name) }));
  }

  /** The vault's own Secret: it is closed when it is replaced, removed, or the vault is closed. */
  secret(name: string): Secret | undefined {
    return this.#contents.secrets.get(name);
  }

  hostsOf(name: string): readonly string[] {
    return this.#contents.hosts.get(name) ?? [];
  }

  /** Adds or replaces; takes the Secret over. Without `hosts` those that it is bound to stay. @throws CoopError `bad_request`, and what every write throws */
  put(name: string, value: Secret, hosts?: readonly string[]): void {
    try {
      requireSecretName(name);
      value.lend((bytes) => {
        if (bytes.length === 0) throw new CoopError("bad_request", "the secret's value is empty");
        if (bytes.length <= SECRET_BYTES_MAX) return;
        throw new CoopError("bad_request", `the secret's value is longer than ${SECRET_BYTES_MAX} bytes`);
      });
      const bound = hosts === undefined ? undefined : parseBoundHosts(hosts);
      this.#change((now) => ({
        secrets: new Map([...now.secrets, [name, value]]),
        hosts: bound === undefined ? now.hosts : withHosts(now.hosts, name, bound),
      }));
    } catch (error) {
      value.close();
      throw error;
    }
  }

  /** @throws CoopError `secret_not_found`, and what every write throws */
  remove(name: string): void {
    this.#change((now) => {
      requirePresent(now, name);
      const secrets = new Map(now.secrets);
      secrets.delete(name);
      return { secrets, hosts: withHosts(now.hosts, name, []) };
    });
  }

  /** Says where a secret may be sent to besides its provider's own host; none takes that back. @throws CoopError `secret_not_found`, `bad_request` */
  bind(name: string, hosts: readonly string[]): void {
    const bound = parseBoundHosts(hosts);
    this.#change((now) => {
      requirePresent(now, name);
      return { secrets: now.secrets, hosts: withHosts(now.hosts, name, bound) };
    });
  }

  /** True when this passphrase opens the file as it is now. @throws CoopError `vault_refused` when the file is gone or no vault */
  async isPassphrase(passphrase: Secret): Promise<boolean> {
    if (isEmpty(passphrase)) return false;
    const key = await this.#derive(passphrase, this.#salt);
    const isSame = timingSafeEqual(key, this.#key);
    key.fill(0);
    return isSame;
  }

  /** A new passphrase, a new salt, a new key. @throws CoopError `bad_request` for an empty one, and what every write throws */
  async rotate(passphrase: Secret): Promise<void> {
    requirePassphrase(passphrase);
    const salt = new Uint8Array(randomBytes(KDF.saltBytes));
    const key = await this.#derive(passphrase, salt);
    try {
      this.#change((now) => now, { key, salt });
    } catch (error) {
      key.fill(0);
      throw error;
    }
    this.#key.fill(0);
    this.#key = key;
    this.#salt = salt;
  }

  /** Overwrites the key and every secret, and lets the file go. May be called again. */
  close(): void {
    this.#key.fill(0);
    this.#salt.fill(0);
    for (const secret of this.#contents.secrets.values()) secret.close();
    this.#contents = { secrets: new Map(), hosts: new Map() };
    this.#lock?.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toJSON(): string {
    return "[vault]";
  }

  /** Reads the file as it is now, changes it, writes it. Nothing else runs in between: all of it is synchronous. */
  #change(make: (now: Contents) => Contents, next = { key: this.#key, salt: this.#salt }): void {
    this.#requireWritable();
    const { file } = guarded(this.path, () => readFile(this.path));
    const now = this.#reconcile(file);
    const made = make(now);
    const bytes = formatSealedFile(seal(made, next.key, next.salt));
    if (bytes.length > FILE_BYTES_MAX) throw new CoopError("bad_request", "the vault would become too large");
    this.#identity = toIdentity(guarded(this.path, () => writePrivateFile(this.path, bytes, { isNew: false })));
    for (const [name, secret] of now.secrets) if (made.secrets.get(name) !== secret) secret.close();
    this.#contents = made;
  }

  /** What the file holds now; a secret that is still the same stays the same object, for whoever uses it. */
  #reconcile(file: SealedFile): Contents {
    if (!Buffer.from(file.salt).equals(this.#salt)) throw changedOnDisk(this.path);
    const found = unseal(file, this.#key);
    const secrets = new Map(found.secrets);
    for (const [name, fresh] of found.secrets) {
      const known = this.#contents.secrets.get(name);
      if (known === undefined || !known.equals(fresh)) continue;
      secrets.set(name, known);
      fresh.close();
    }
    for (const [name, known] of this.#contents.secrets) if (secrets.get(name) !== known) known.close();
    this.#contents = { secrets, hosts: found.hosts };
    return this.#contents;
  }

  #requireWritable(): void {
    if (this.#lock !== undefined) return;
    throw new CoopError("vault_refused", `this user may not write beside ${this.path}, so it can only be read`);
  }
}

function readFile(path: string): { readonly file: SealedFile; readonly stat: Stats } {
  const { bytes, stat } = readPrivateFile(path, { bytesMax: FILE_BYTES_MAX, isClosedToOthers: false });
  return { file: parseSealedFile(bytes), stat };
}

function guarded<Value>(path: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw toVaultError(error, path);
  }
}

function toIdentity({ dev, ino }: Stats): FileIdentity {
  return { device: String(dev), inode: String(ino) };
}

function withHosts(
  hosts: Contents["hosts"],
  name: string,
  bound: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const next = new Map(hosts);
  if (bound.length === 0) next.delete(name);
  else next.set(name, bound);
  return next;
}

function requirePresent({ secrets }: Contents, name: string): void {
  if (secrets.has(name)) return;
  throw new CoopError("secret_not_found", "the vault has no secret of this name", {
    next: "coop vault list PATH shows the names.",
  });
}

/** Argon2id takes an empty one; the library that computes it does not. */
function isEmpty(passphrase: Secret): boolean {
  return passphrase.lend((bytes) => bytes.length) === 0;
}

function requirePassphrase(passphrase: Secret): void {
  if (isEmpty(passphrase)) throw new CoopError("bad_request", "the passphrase is empty");
}

function changedOnDisk(path: string): CoopError {
  return new CoopError("vault_refused", `the vault ${path} was replaced by another one while it was open`, {
    next: "Lock it and unlock it again; nothing was written.",
  });
}
