import type { NetworkSpec } from "coopd-core";
import { act } from "../../../data/act.ts";
import { client } from "../../../data/client.ts";
import { henChanged } from "../../../data/refresh.ts";
import { tell } from "../../../kit/toast.tsx";

/**
 * Makes a change of a hen's network of what it is now, and has it taken only if it still is: a change by somebody else in between
 * is told, not undone. It holds at once, also for what is connected. Answers whether it was made.
 */
export async function changeNetwork(
  id: string,
  change: (network: NetworkSpec | null) => NetworkSpec | null,
  done: string,
): Promise<boolean> {
  const made = await act(async () => {
    const { manifest, manifest_revision: revision } = await client.hens.get(id);
    const network = change(manifest.network);
    if (network === manifest.network) return { warnings: [], isSame: true };
    return { ...(await client.hens.putNetwork(id, network, { revision })), isSame: false };
  });
  henChanged(id);
  if (made === undefined) return false;
  tell({ kind: "done", text: made.isSame ? "It was so already" : done });
  for (const warning of made.warnings) tell({ kind: "trouble", text: warning });
  return true;
}
