import {
  assertMaySend,
  type BrainLink,
  CoopError,
  type HenWant,
  type Manifest,
  parseSecretRef,
  type SecretRef,
  wantOf,
} from "coopd-core";
import type { KeyRef, SecretSources } from "../vault/secret-sources.ts";
import type { VaultKeeper } from "../vault/vault-keeper.ts";

/** Says of manifests whether their keys are there and may go where they would be sent, without fetching one. */
export class SecretGuard {
  readonly #keeper: VaultKeeper;
  readonly #sources: SecretSources;

  constructor(keeper: VaultKeeper, sources: SecretSources) {
    this.#keeper = keeper;
    this.#sources = sources;
  }

  /**
   * For a manifest that is about to be taken: every key must be bound to where it would go, as far as that is known. With the
   * vault locked it is judged when a brain is built.
   * @returns warnings
   * @throws CoopError `secret_not_allowed` naming what would allow it
   */
  check(manifest: Manifest): readonly string[] {
    return linksOf(manifest).flatMap((link) => {
      const ref = keyRefOf(link);
      if (ref === undefined) return [];
      if (ref.kind === "vault") {
        if (!this.#keeper.isUnlocked) return [];
        const isThere = this.#keeper.entries().some(({ name }) => name === ref.name);
        if (!isThere) return [`brain.provider_id: the vault has no secret ${ref.name} yet`];
      }
      this.assertMaySend(ref, link);
      return [];
    });
  }

  /** @throws CoopError `secret_not_allowed` */
  assertMaySend(ref: KeyRef, link: BrainLink): void {
    const hosts = this.#sources.hostsOf(ref);
    assertMaySend({ ref, link, hosts, howToBind: (host) => this.#sources.howToBind(ref, host) });
  }

  /** What a hen lacks before any job of it has found out; undefined where another model could stand in, or nothing is known. */
  lackOf(manifest: Manifest): HenWant | undefined {
    const [link, ...others] = linksOf(manifest);
    const ref = link === undefined ? undefined : keyRefOf(link);
    if (link === undefined || ref?.kind !== "vault" || others.length > 0) return undefined;
    try {
      this.#keeper.secret(ref.name);
      this.assertMaySend(ref, link);
      return undefined;
    } catch (error) {
      if (error instanceof CoopError) return wantOf(error);
      throw error;
    }
  }
}

/** The reference of a link that sends a key; undefined for `none`. @throws CoopError `manifest_invalid` */
export function keyRefOf(link: BrainLink): KeyRef | undefined {
  const ref: ReturnType<typeof parseSecretRef> = parseSecretRef(link.provider_id);
  if (ref.kind === "fault") throw new CoopError("manifest_invalid", `brain.provider_id ${ref.message}`);
  return ref.kind === "none" ? undefined : (ref satisfies SecretRef);
}

/** Only hens that think in the daemon have a brain; the others' is not looked at (contract/manifest.md). */
function linksOf(manifest: Manifest): readonly BrainLink[] {
  return manifest.agent_kind === "anthropic" ? [manifest.brain, ...manifest.brain.fallbacks] : [];
}
