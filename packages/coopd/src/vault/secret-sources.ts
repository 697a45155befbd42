import { CoopError, formatSecretRef, type SecretRef } from "coopd-core";
import { type AzureKeyVault, KeyFiles, requireKeyText, type Secret } from "coopd-vault";
import type { SecretSettings } from "./secret-settings.ts";
import type { VaultKeeper } from "./vault-keeper.ts";

/** A reference that stands for a key. */
export type KeyRef = Exclude<SecretRef, { kind: "none" }>;

export interface SecretSourcesParts {
  readonly keeper: VaultKeeper;
  readonly settings: Pick<SecretSettings, "envSecrets" | "boundHosts">;
  /** Undefined where the daemon has no identity there. */
  readonly azure: AzureKeyVault | undefined;
}

/** Where keys come from, whatever kind of reference names them. Whoever made it closes it. */
export class SecretSources {
  readonly #parts: SecretSourcesParts;
  readonly #files = new KeyFiles();

  constructor(parts: SecretSourcesParts) {
    this.#parts = parts;
  }

  /**
   * The key, the same object while it is the same value; its source may close it at any time.
   * @throws CoopError `secret_unavailable` saying what is missing and what would help
   */
  async key(ref: KeyRef): Promise<Secret> {
    return requireKeyText(await this.#find(ref), formatSecretRef(ref));
  }

  /** Hosts that the farmer bound it to. */
  hostsOf(ref: KeyRef): readonly string[] {
    if (ref.kind === "vault") return this.#parts.keeper.hostsOf(ref.name);
    return this.#parts.settings.boundHosts.get(formatSecretRef(ref)) ?? [];
  }

  /** The command or setting that would bind it to this host too: both say all of its hosts. */
  howToBind(ref: KeyRef, host: string): string {
    const hosts = [...this.hostsOf(ref), host];
    if (ref.kind !== "vault") {
      return `Start the daemon with COOP_SECRET_HOSTS="${formatSecretRef(ref)}=${hosts.join(",")}" if that server is yours.`;
    }
    return `coop vault bind ${this.#parts.keeper.status().path ?? "PATH"} ${ref.name} ${hosts.join(" ")}`;
  }

  /** False for what changes without a word to the daemon, so that it has to be looked at again. */
  isWatched(ref: KeyRef): boolean {
    return ref.kind === "vault";
  }

  /** Overwrites what was read from files, the environment and Azure; the vault is its keeper's. */
  close(): void {
    this.#files.close();
    for (const secret of this.#parts.settings.envSecrets.values()) secret?.close();
    this.#parts.azure?.close();
  }

  async #find(ref: KeyRef): Promise<Secret> {
    switch (ref.kind) {
      case "vault":
        return this.#parts.keeper.secret(ref.name);
      case "file":
        return this.#files.secret(ref.path);
      case "env":
        return this.#envSecret(ref.name);
      case "azure-kv":
        if (this.#parts.azure !== undefined) return this.#parts.azure.secret(ref);
        throw new CoopError("secret_unavailable", "azure key vault: the daemon has no identity there", {
          next: "Start it with AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or with AZURE_KEYVAULT_TOKEN.",
        });
    }
  }

  #envSecret(name: string): Secret {
    const { envSecrets } = this.#parts.settings;
    const secret = envSecrets.get(name);
    if (secret !== undefined) return secret;
    throw new CoopError(
      "secret_unavailable",
      envSecrets.has(name) ? `the variable ${name} is not set` : `the variable ${name} is none that manifests may use`,
      { next: `Start the daemon with ${name} set, and ${name} listed in COOP_ENV_SECRETS.` },
    );
  }
}
