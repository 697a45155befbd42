/**
 * Reading agent.yaml, as `coopd-core/manifest`. It stands behind a door of its own because it loads zod and yaml, which
 * the command line's quick commands do without; the types alone come with `coopd-core`.
 */
export { withNetwork } from "./edit/network-text.ts";
export { type ParsedNetwork, parseNetwork } from "./edit/parse-network.ts";
export { describeFault, type ManifestFault, type Place } from "./faults.ts";
export { filledManifestJsonSchema, manifestJsonSchema } from "./json-schema.ts";
export { type ParsedManifest, parseManifest, parseManifestBytes } from "./parse.ts";
export { MANIFEST_BYTES_MAX } from "./source/text.ts";
