import { useComputed } from "@preact/signals";
import { client } from "../data/client.ts";
import { hens, vault } from "../data/farm-state.ts";
import { useResource } from "../data/resource.ts";
import type { Words } from "./complete.ts";

/** What the schema cannot know: names of secrets (never their values), and the hens of the farm. */
export function useManifestWords(): Words {
  const isOpen = useComputed(() => vault.value?.unlocked === true).value;
  const secrets = useResource(async (signal) => (isOpen ? await client.vault.secrets({ signal }) : []), [isOpen]);
  const refs = ["none", ...(secrets.value.value ?? []).map(({ name }) => `vault:${name}`)];
  return {
    "brain.provider_id": refs,
    "brain.fallbacks.[].provider_id": refs,
    "brain.model": ["demo", "hello", "echo", "prompt"],
    "memory.inherit_from": [...hens.value.keys()],
  };
}
