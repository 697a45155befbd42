import type { HostWalls, WallRow } from "../admit/host-walls.ts";
import { createHen, type Hen } from "../hen/hen.ts";
import type { Instant } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { type ModelBook, type ModelFacts, UNKNOWN_MODEL } from "../models/model-book.ts";

/** The smallest manifest, with what a test changes in it. */
export function manifestWith(parts: Partial<Manifest> = {}): Manifest {
  return {
    spec_version: "coop/v1",
    name: "pip",
    sex: "hen",
    agent_kind: "anthropic",
    agent_command: [],
    agent: null,
    brain: {
      provider_id: "none",
      provider: "script",
      base_url: null,
      model: "demo",
      capabilities_required: null,
      fallbacks: [],
      fallback_provider_ids: [],
      auto_route: false,
      cache: false,
    },
    tools: ["bash", "file_read"],
    personality: null,
    visual: null,
    memory: null,
    resources: null,
    scheduling: null,
    limits: null,
    retention: null,
    lease: null,
    network: null,
    sandbox: null,
    metadata: {},
    ...parts,
  };
}

/** A hen named `local.coop/pip`, with what a test changes in it. */
export function henWith(parts: Partial<Hen> = {}): Hen {
  const hen = createHen("local.coop/pip" as HenId, parts.manifest ?? manifestWith(), "2026-03-01T10:00:00Z" as Instant);
  return { ...hen, ...parts };
}

const HOLDS: WallRow = { holds: true };

/** A host on which everything holds but the rows that are named, each of which says `no NAME`. */
export function wallsWithout(...missing: readonly (keyof HostWalls)[]): HostWalls {
  const row = (name: keyof HostWalls): WallRow =>
    missing.includes(name) ? { holds: false, reason: `no ${name}` } : HOLDS;
  return { confine: row("confine"), networkOff: row("networkOff"), gate: row("gate") };
}

/** A book that knows no model, with what a test says it knows. */
export function noModels(known: Readonly<Record<string, Partial<ModelFacts>>> = {}): ModelBook {
  return {
    asOf: "2026-01-01",
    facts: ({ provider, model }) => ({ ...UNKNOWN_MODEL, ...known[`${provider} ${model}`] }),
    routes: { small: "small-1", medium: "medium-1", large: "large-1" },
  };
}
