import { CoopError } from "../errors/coop-error.ts";
import type { BrainLink, BrainSpec, Manifest } from "../manifest/manifest.ts";
import type { ModelBook } from "./model-book.ts";

/** Whether the models of a manifest can do what it asks of them; one sentence for each that cannot, or may not. */
export interface CapabilityVerdict {
  readonly lacking: readonly string[];
  readonly unknown: readonly string[];
}

/** Every model that a hen's jobs may be answered by is looked at: routed ones and fallbacks too. */
export function judgeCapabilities(manifest: Manifest, models: ModelBook): CapabilityVerdict {
  const { brain } = manifest;
  const required = brain.capabilities_required;
  if (required === null || manifest.agent_kind !== "anthropic") return { lacking: [], unknown: [] };
  const lacking: string[] = [];
  const unknown: string[] = [];
  for (const link of linksOf(brain, models)) {
    const facts = models.facts(link);
    const name = `${link.provider} ${link.model}`;
    const judge = (asked: boolean, can: boolean | undefined, what: string) => {
      if (!asked || can === true) return;
      if (can === undefined) unknown.push(`whether ${name} ${what} is not known`);
      else lacking.push(`${name} is not one that ${what}`);
    };
    const { context_window: asked } = required;
    const window = facts.context_window;
    judge(asked > 0, window === undefined ? undefined : window >= asked, `reads ${asked} tokens`);
    judge(required.tool_use, facts.tool_use, "calls tools");
    judge(required.vision, facts.vision, "sees pictures");
  }
  return { lacking, unknown };
}

/** @throws CoopError `brain_unsupported` when a model of the hen is known not to do what `capabilities_required` asks */
export function requireCapabilities(manifest: Manifest, models: ModelBook): void {
  const { lacking } = judgeCapabilities(manifest, models);
  if (lacking.length === 0) return;
  throw new CoopError("brain_unsupported", `brain.capabilities_required is not met: ${lacking.join("; ")}`, {
    next: "Name another model, ask for less, or correct what is known of it in prices.json (docs/costs.md).",
    details: { lacking },
  });
}

function linksOf(brain: BrainSpec, models: ModelBook): readonly BrainLink[] {
  const first = isRouted(brain) ? Object.values(models.routes).map((model) => ({ ...brain, model })) : [brain];
  return [...first, ...brain.fallbacks];
}

/** True where jobs are answered by a model that the farm chooses; `auto_route` knows Anthropic's only. */
export function isRouted({ auto_route, provider }: BrainSpec): boolean {
  return auto_route && provider === "anthropic";
}
