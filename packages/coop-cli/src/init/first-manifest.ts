import type { KeyedProvider, LocalServer } from "./model-sources.ts";

/** What the first hen thinks with. */
export type FirstBrain =
  | { readonly kind: "key"; readonly provider: KeyedProvider }
  | { readonly kind: "local"; readonly server: LocalServer }
  /** Nothing was found: a script that needs no model, so that there is something to try. */
  | { readonly kind: "script" };

/** `agent.yaml` for a first hen. `reference` says where its key comes from. */
export function firstManifest(name: string, brain: FirstBrain, reference: string): string {
  return `# Made by coop init. "coop validate" checks it; "coop schema" tells an editor about it.
spec_version: coop/v1
name: ${name}
brain:
${brainLines(brain, reference)
  .map((line) => `  ${line}\n`)
  .join("")}tools: [bash, file_read, file_write]
network:
  policy: "off" # no network for its tools; its brain is reached by the daemon
`;
}

/** For a sentence. */
export function describeBrain(brain: FirstBrain): string {
  if (brain.kind === "key") return `${brain.provider.model} of ${brain.provider.name}`;
  return brain.kind === "local" ? `${brain.server.model} at ${brain.server.baseUrl}` : "a script, not a model";
}

function brainLines(brain: FirstBrain, reference: string): readonly string[] {
  if (brain.kind === "script") return ["provider: script", "provider_id: none", "model: demo"];
  const { provider, baseUrl, model } =
    brain.kind === "key" ? brain.provider : { provider: "openai-compat", ...brain.server };
  return [
    `provider: ${provider}`,
    `provider_id: ${brain.kind === "key" ? reference : "none"}`,
    ...(baseUrl === undefined ? [] : [`base_url: ${JSON.stringify(baseUrl)}`]),
    `model: ${JSON.stringify(model)}`,
  ];
}
