import { CoopError } from "../../errors/coop-error.ts";
import type { ManifestFault } from "../faults.ts";
import type { NetworkSpec } from "../manifest.ts";
import { parseManifest } from "../parse.ts";

/** A network block that stands alone, read by the manifest's own rules. */
export interface ParsedNetwork {
  readonly network: NetworkSpec | null;
  /** What is valid and still lets nothing out, one sentence each. */
  readonly warnings: readonly string[];
}

/** The least that a manifest needs; no rule of the network looks at another key. */
const BARE = {
  spec_version: "coop/v1",
  name: "any",
  brain: { provider: "script", provider_id: "none", model: "demo" },
} as const;

/**
 * Reads a `network:` block given as JSON, by the manifest's own rules; null is the absent block. It has no lines, so faults are
 * named by path alone.
 * @throws CoopError `manifest_invalid` with `details.faults`
 */
export function parseNetwork(block: unknown): ParsedNetwork {
  try {
    const parsed = parseManifest(JSON.stringify({ ...BARE, network: block }));
    const warnings = parsed.warnings.filter(({ path }) => path.startsWith("network"));
    return { network: parsed.manifest.network, warnings: warnings.map(({ path, message }) => `${path}: ${message}`) };
  } catch (error) {
    if (!(error instanceof CoopError)) throw error;
    const faults = (error.details?.faults ?? []) as readonly ManifestFault[];
    const lines = faults.map(describe);
    throw new CoopError("manifest_invalid", `invalid network block: ${lines.join("; ")}`, {
      details: { faults: faults.map(({ line: _, column: __, ...fault }) => fault) },
      cause: error,
    });
  }
}

function describe({ path, message, expected }: ManifestFault): string {
  return `${path === "" ? "" : `${path}: `}${message}${expected === undefined ? "" : `; expected ${expected}`}`;
}
