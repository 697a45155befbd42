import { type Brain, type BrainKey, type BrainLink, CoopError, quote } from "coopd-core";
import { createOpenAiCompatBrain } from "./openai/openai-compat-brain.ts";
import type { BrainFetch } from "./openai/sealed-fetch.ts";
import { createScriptBrain, type ScriptBrainParts } from "./script/script-brain.ts";

export interface BrainParts {
  /** The only way of an adapter to the network. */
  readonly fetch: BrainFetch;
  /** Gives the text of a script that came with the manifest. */
  readonly readScript: ScriptBrainParts["readScript"];
  /** What `provider_id` stands for; undefined for `none`. Whoever opened it closes it, after the brain's last call. */
  readonly key?: BrainKey | undefined;
}

/**
 * The model client for one link of a manifest's `brain`. Building it opens nothing and loads no SDK, so there is nothing
 * to close.
 * @throws CoopError `brain_unsupported` for what this version has no adapter for, `script_invalid` for an unknown script
 */
export function createBrain(link: BrainLink, parts: BrainParts): Brain {
  const { provider, provider_id, base_url, model } = link;
  if (provider !== "script" && provider !== "openai-compat") {
    throw unsupported(`this version has no adapter for brain.provider ${quote(provider)}`);
  }
  if (provider === "script") {
    if (provider_id !== "none") throw unsupported("a script needs no key, so brain.provider_id must be none");
    return createScriptBrain({ model, readScript: parts.readScript });
  }
  if (base_url === null) throw unsupported(`brain.provider "openai-compat" needs brain.base_url`);
  const key = provider_id === "none" ? undefined : (parts.key ?? missingKey(provider_id));
  return createOpenAiCompatBrain({ baseUrl: base_url, model, fetch: parts.fetch, key });
}

function missingKey(ref: string): never {
  throw new CoopError("secret_unavailable", `the key ${quote(ref)} of the brain was not handed in`, {
    next: "Use provider_id none, where the server wants no key.",
  });
}

function unsupported(message: string): CoopError {
  return new CoopError("brain_unsupported", message, {
    next: "Use provider script with provider_id none, or openai-compat with a base_url.",
  });
}
