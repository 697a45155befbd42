import { type Claim, type JournalFact, renderEpisodes, type Store } from "coopd-core";
import type { ToolCaller } from "./tool-caller.ts";

/** Used where personality.system_prompt is absent (contract/domain.md §5). */
const SYSTEM_DEFAULT =
  "You are a hen on a farm: an agent that does the job it is given with the tools it has. Be concise.";

/** Freezes what the job runs with: prompt, system text, memory, tools and the manifest's digest. */
export async function openJob(
  claim: Claim,
  parts: { readonly store: Store; readonly tools: ToolCaller; readonly memoryContextEntries: number },
): Promise<JournalFact> {
  const { job, hen } = claim;
  const episodes = claim.episodes ?? (await parts.store.episodes(hen.id, parts.memoryContextEntries));
  return {
    kind: "opened",
    prompt: job.prompt,
    system: hen.manifest.personality?.system_prompt ?? SYSTEM_DEFAULT,
    memory: renderEpisodes(episodes),
    tools: parts.tools.specsFor(claim),
    model: `${hen.manifest.brain.provider} ${hen.manifest.brain.model}`,
    manifest_sha256: new Bun.CryptoHasher("sha256").update(JSON.stringify(hen.manifest)).digest("hex"),
  };
}
