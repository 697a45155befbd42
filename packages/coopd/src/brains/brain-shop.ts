import { createBrain } from "coopd-brain";
import {
  type Brain,
  type BrainCalls,
  type BrainLink,
  type Claim,
  CoopError,
  type Store,
  toCoopError,
  type WrapBrain,
} from "coopd-core";
import type { KeyRef, SecretSources } from "../vault/secret-sources.ts";
import type { KeyRetry } from "./key-retry.ts";
import { type BuiltBrain, keyedBrain } from "./keyed-brain.ts";
import { keyRefOf, type SecretGuard } from "./secret-guard.ts";

/** Builds a hen's brain for one job, which hears of every call by `calls`. */
export type BrainShop = (claim: Pick<Claim, "hen">, calls: BrainCalls) => Promise<Brain>;

/** What building brains needs. */
export interface BrainShopParts {
  readonly store: Store;
  /** The only way an adapter reaches a network; compose.ts hands it in. */
  readonly fetch: typeof fetch;
  readonly wrap: WrapBrain;
  readonly sources: SecretSources;
  readonly guard: SecretGuard;
  readonly retry: KeyRetry;
}

/** Brains with a key that are kept; each is one link of some manifest. */
const BUILT_MAX = 256;

/**
 * A shop for the hens of a store. Each link's key is looked up when the link is asked, and may go only where it is bound to; the
 * brain that was built with a key is kept as long as the key is the same.
 */
export function createBrainShop(parts: BrainShopParts): BrainShop {
  const built = new Map<string, BuiltBrain>();
  return async ({ hen }, calls) => parts.wrap(hen.manifest.brain, (link) => openLink(link, hen), calls);

  async function openLink(link: BrainLink, hen: Claim["hen"]): Promise<Brain> {
    const ref = keyRefOf(link);
    if (ref === undefined || link.provider === "script") return createBrain(link, { fetch: parts.fetch, readScript });
    const first = await build(link, ref);
    return keyedBrain(first.brain.label, () => build(link, ref));

    async function readScript(name: string): Promise<string> {
      const text = await parts.store.attachment(hen.id, name);
      if (text !== undefined) return text;
      throw new CoopError("script_invalid", `the script ${name} did not come with the manifest of ${hen.id}`, {
        next: "Create the hen with `coop hen create FILE`, which sends the files beside the manifest.",
      });
    }
  }

  async function build(link: BrainLink, ref: KeyRef): Promise<BuiltBrain> {
    const key = await findKey(ref);
    parts.guard.assertMaySend(ref, link);
    const name = JSON.stringify([link.provider, link.base_url, link.model, link.provider_id]);
    const known = built.get(name);
    if (known?.key === key) return known;
    const fresh = { brain: createBrain(link, { fetch: parts.fetch, key, readScript: noScript }), key };
    built.delete(name);
    if (built.size >= BUILT_MAX) built.delete(built.keys().next().value ?? name);
    built.set(name, fresh);
    return fresh;
  }

  async function findKey(ref: KeyRef) {
    try {
      const key = await parts.sources.key(ref);
      if (!parts.sources.isWatched(ref)) parts.retry.found();
      return key;
    } catch (error) {
      const isMissing = toCoopError(error).code === "secret_unavailable";
      if (isMissing && !parts.sources.isWatched(ref)) parts.retry.missed();
      throw error;
    }
  }
}

async function noScript(): Promise<string> {
  throw new CoopError("script_invalid", "a brain with a key plays no script");
}
