import { readObject } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";

/** The daemon's vault; ours says which file it has open, the original only whether one is. */
export interface VaultAnswer {
  readonly unlocked: boolean;
  readonly path?: string | null;
  readonly file?: { readonly device: string; readonly inode: string } | null;
  readonly secrets?: number;
}

/** What may be told of a secret. */
export interface SecretAnswer {
  readonly name: string;
  /** Where it may be sent to besides its provider's own host. */
  readonly hosts: readonly string[];
}

/** `/vault…`: values go in and never out. */
export interface VaultCalls {
  status(options?: CallOptions): Promise<VaultAnswer>;
  /** `path` is one of the daemon's host. @throws CoopError `vault_refused`, `too_many_attempts` */
  unlock(path: string, passphrase: string, options?: CallOptions): Promise<void>;
  /** Makes an empty vault where the farm's is meant to be, and opens it. @returns its path @throws CoopError `vault_exists` */
  init(passphrase: string, options?: CallOptions): Promise<string>;
  lock(options?: CallOptions): Promise<void>;
  /** By name, in order; none while it is locked. */
  secrets(options?: CallOptions): Promise<readonly SecretAnswer[]>;
  /** It is on disk when this resolves. Without `hosts` those that it is bound to stay. @throws CoopError `vault_locked`, `bad_request` */
  put(name: string, value: string, hosts?: readonly string[], options?: CallOptions): Promise<void>;
  /** @throws CoopError `secret_not_found` */
  remove(name: string, options?: CallOptions): Promise<void>;
  /** @throws CoopError `secret_not_found`, `bad_request` */
  bind(name: string, hosts: readonly string[], options?: CallOptions): Promise<void>;
  /** @throws CoopError `vault_refused`, `too_many_attempts` */
  rotate(passphrase: string, newPassphrase: string, options?: CallOptions): Promise<void>;
}

/** The calls over one transport. */
export function vaultCalls(transport: Transport): VaultCalls {
  return {
    async status(options = {}) {
      const answer = await transport.send("GET /vault/status", options);
      return readObject<VaultAnswer>(transport, answer, { unlocked: "boolean" });
    },
    async unlock(path, passphrase, options = {}) {
      await transport.send("POST /vault/unlock", { ...options, json: { path, passphrase } });
    },
    async init(passphrase, options = {}) {
      const answer = await transport.send("POST /vault/init", { ...options, json: { passphrase } });
      return readObject<{ path: string }>(transport, answer, { path: "string" }).path;
    },
    async lock(options = {}) {
      await transport.send("POST /vault/lock", options);
    },
    async secrets(options = {}) {
      const answer = await transport.send("GET /vault/secrets", options);
      const { names, secrets } = readObject<{ names: readonly string[]; secrets?: readonly SecretAnswer[] }>(
        transport,
        answer,
        { names: "object" },
      );
      return secrets ?? [...names].sort().map((name) => ({ name, hosts: [] })); // the original knows no hosts
    },
    async put(name, value, hosts, options = {}) {
      await transport.send("PUT /vault/secrets", { ...options, json: { name, value, hosts } });
    },
    async remove(name, options = {}) {
      await transport.send("DELETE /vault/secrets/{name}", { ...options, path: { name } });
    },
    async bind(name, hosts, options = {}) {
      await transport.send("PUT /vault/secrets/{name}/hosts", { ...options, path: { name }, json: { hosts } });
    },
    async rotate(passphrase, newPassphrase, options = {}) {
      const json = { passphrase, new_passphrase: newPassphrase };
      await transport.send("POST /vault/rotate", { ...options, json });
    },
  };
}
