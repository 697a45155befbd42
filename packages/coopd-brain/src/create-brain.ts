import { type Brain, type BrainKey, type BrainLink, CoopError, quote } from "coopd-core";
import { ANTHROPIC_BASE_URL, createMessagesBrain } from "./anthropic/messages-brain.ts";
import { createChatBrain, OPENAI_BASE_URL } from "./openai/chat-brain.ts";
import { createScriptBrain, type ScriptBrainParts } from "./script/script-brain.ts";
import type { BrainFetch } from "./wire/sealed-fetch.ts";

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
 * @throws CoopError `brain_unsupported` for a link that cannot work, `script_invalid` for an unknown script,
 * `secret_unavailable` where the link names a key and none was handed in
 */
export function createBrain(link: BrainLink, parts: BrainParts): Brain {
  const { provider, provider_id, base_url, model } = link;
  if (provider === "script") {
    if (provider_id !== "none") throw unsupported("a script needs no key, so brain.provider_id must be none");
    return createScriptBrain({ model, readScript: parts.readScript });
  }
  const key = provider_id === "none" ? undefined : (parts.key ?? missingKey(provider_id));
  const wire = { model, fetch: parts.fetch, key };
  switch (provider) {
    case "anthropic":
      return createMessagesBrain({ ...wire, baseUrl: base_url ?? ANTHROPIC_BASE_URL });
    case "openai":
      return createChatBrain({ ...wire, provider, baseUrl: base_url ?? OPENAI_BASE_URL });
    case "openai-compat":
      if (base_url === null) throw unsupported(`brain.provider "openai-compat" needs brain.base_url`);
      return createChatBrain({ ...wire, provider, baseUrl: base_url });
  }
}

function missingKey(ref: string): never {
  throw new CoopError("secret_unavailable", `the key ${quote(ref)} of the brain was not handed in`, {
    next: "Use provider_id none, where the server wants no key.",
  });
}

function unsupported(message: string): CoopError {
  return new CoopError("brain_unsupported", message, { next: "Correct the brain in the manifest." });
}
