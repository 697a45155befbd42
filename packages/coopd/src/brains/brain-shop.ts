import { createBrain } from "coopd-brain";
import { type Brain, type Claim, CoopError, type Store } from "coopd-core";

/** Builds a hen's brain for one job. */
export type BrainShop = (claim: Claim) => Promise<Brain>;

/** `fetch` is the only way an adapter reaches a network; compose.ts hands it in. */
export function createBrainShop(parts: { readonly store: Store; readonly fetch: typeof fetch }): BrainShop {
  return async ({ hen }) =>
    createBrain(hen.manifest.brain, {
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
