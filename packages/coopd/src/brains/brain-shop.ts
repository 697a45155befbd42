import { createBrain } from "coopd-brain";
import {
  type Brain,
  type BrainCalls,
  type BrainLink,
  type Claim,
  CoopError,
  type Store,
  type WrapBrain,
} from "coopd-core";

/** Builds a hen's brain for one job, which hears of every call by `calls`. */
export type BrainShop = (claim: Pick<Claim, "hen">, calls: BrainCalls) => Promise<Brain>;

/** What building brains needs. */
export interface BrainShopParts {
  readonly store: Store;
  /** The only way an adapter reaches a network; compose.ts hands it in. */
  readonly fetch: typeof fetch;
  readonly wrap: WrapBrain;
}

/** A shop for the hens of a store; it keeps nothing open. */
export function createBrainShop(parts: BrainShopParts): BrainShop {
  return async ({ hen }, calls) => parts.wrap(hen.manifest.brain, (link) => openLink(link, hen), calls);

  async function openLink(link: BrainLink, hen: Claim["hen"]): Promise<Brain> {
    return createBrain(link, {
      fetch: parts.fetch,
      readScript: async (name) => {
        const text = await parts.store.attachment(hen.id, name);
        if (text !== undefined) return text;
        throw new CoopError("script_invalid", `the script ${name} did not come with the manifest of ${hen.id}`, {
          next: "Create the hen with `coop hen create FILE`, which sends the files beside the manifest.",
        });
      },
    });
  }
}
