import type { FaultAnswer, JsonSchema } from "coop-client";
import { CoopError, type Manifest } from "coopd-core";
import { useEffect, useState } from "preact/hooks";
import { toTrouble } from "../data/act.ts";
import { client } from "../data/client.ts";
import { useResource } from "../data/resource.ts";

/** What the farm says of a text. */
export interface CheckState {
  /** `checking`: what stands here is of an earlier text. */
  readonly state: "checking" | "checked" | "failed";
  readonly faults: readonly FaultAnswer[];
  readonly warnings: readonly FaultAnswer[];
  /** With every default filled in; of the last text that could be read. */
  readonly manifest: Manifest | undefined;
  readonly failure?: string | undefined;
}

/** A person who types pauses longer than this between words, not within one, ms. */
const PAUSE_MS = 200;

const NOTHING: CheckState = { state: "checking", faults: [], warnings: [], manifest: undefined };

/** Has the daemon look at the text whenever it changes; an older look is given up. */
export function useManifestCheck(text: string): CheckState {
  const [found, setFound] = useState<CheckState>(NOTHING);
  useEffect(() => {
    const aborting = new AbortController();
    setFound((last) => (last.state === "checking" ? last : { ...last, state: "checking" }));
    const timer = setTimeout(() => void look(text, aborting.signal, setFound), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      aborting.abort();
    };
  }, [text]);
  return found;
}

async function look(
  text: string,
  signal: AbortSignal,
  set: (next: (last: CheckState) => CheckState) => void,
): Promise<void> {
  try {
    const { faults, warnings, manifest } = await client.manifests.check(new TextEncoder().encode(text), { signal });
    if (signal.aborted) return;
    set((last) => ({ state: "checked", faults, warnings, manifest: manifest ?? last.manifest }));
  } catch (error) {
    if (signal.aborted || (error instanceof CoopError && error.code === "cancelled")) return;
    set((last) => ({ ...last, state: "failed", failure: toTrouble(error).what }));
  }
}

/** agent.yaml's JSON Schema, as this daemon reads it; undefined until it is there. */
export function useManifestSchema(): JsonSchema | undefined {
  return useResource((signal) => client.manifests.schema({ signal }), []).value.value;
}
