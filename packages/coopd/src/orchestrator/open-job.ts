import { type Claim, chooseRoute, isRouted, type JournalFact, renderEpisodes } from "coopd-core";
import type { RunnerParts } from "./run-parts.ts";

/** Used where personality.system_prompt is absent (contract/domain.md §5). */
const SYSTEM_DEFAULT =
  "You are a hen on a farm: an agent that does the job it is given with the tools it has. Be concise.";

/** Freezes what the job runs with: prompt, system text, memory, tools, the model where it is chosen, the manifest's digest. */
export async function openJob(
  claim: Claim,
  parts: Pick<RunnerParts, "store" | "tools" | "memoryContextEntries" | "models">,
): Promise<JournalFact> {
  const { job, hen } = claim;
  const episodes = claim.episodes ?? (await parts.store.episodes(hen.id, parts.memoryContextEntries));
  const { brain, personality } = hen.manifest;
  const system = personality?.system_prompt ?? SYSTEM_DEFAULT;
  const memory = renderEpisodes(episodes);
  const tools = parts.tools.specsFor(claim);
  const chars = system.length + (memory?.length ?? 0) + job.prompt.length;
  const input = { prompt: job.prompt, chars, hasTools: tools.length > 0 };
  const route = isRouted(brain) ? chooseRoute(input, parts.models.routes) : undefined;
  return {
    kind: "opened",
    prompt: job.prompt,
    system,
    memory,
    tools,
    model: `${brain.provider} ${route?.model ?? brain.model}`,
    ...(route === undefined ? {} : { route }),
    manifest_sha256: new Bun.CryptoHasher("sha256").update(JSON.stringify(hen.manifest)).digest("hex"),
  };
}
