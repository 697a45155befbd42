import type { Rule } from "./report.ts";

/**
 * Keys that are kept, and that nothing in this version acts on. Whoever makes one of them work removes its row, so that
 * a manifest never promises in silence what Coop does not do (weaknesses D14).
 */
const UNUSED: readonly (readonly [path: string, why: string])[] = [
  ["brain.fallback_provider_ids", "nothing reads it; use fallbacks"],
  ["personality.traits", "nothing reads it; write it into system_prompt"],
  ["memory.semantic_summarize_every", "nothing reads it"],
  ["resources.ram_request_mb", "this version does not reserve memory"],
  ["resources.cpu_request", "this version does not reserve cores"],
  ["resources.prefer_roost", "a farm has one host"],
  ["scheduling.placement", "a farm has one host"],
  ["scheduling.restart_policy", "jobs go on by themselves after a restart"],
  ["lease.base_price_grain_per_hour", "nothing reads it"],
  ["lease.min_renter_trust", "nothing reads it"],
  ["lease.stream_enabled", "nothing reads it"],
  ["lease.spectator_enabled", "nothing reads it"],
  ["lease.intervention_allowed", "nothing reads it"],
];

/** What is written, valid, and still does not do what it seems to. */
export const warn: Rule = (draft, report, isWritten) => {
  for (const [path, why] of UNUSED) {
    if (isWritten(path) && says(valueAt(draft, path))) report(path, `has no effect: ${why}`);
  }
  const { brain, network } = draft;
  if (draft.agent_kind === "anthropic" && isWritten("agent") && says(draft.agent)) {
    report("agent", "has no effect: agent_kind anthropic thinks in the daemon, not in a terminal");
  }
  if (draft.agent_kind === "anthropic" && brain !== undefined) {
    if (brain.base_url != null && brain.provider !== "openai-compat") {
      report("brain.base_url", `has no effect: provider ${brain.provider} has its own`);
    }
    if (brain.auto_route === true && brain.provider !== "anthropic") {
      report(
        "brain.auto_route",
        `has no effect: it chooses among Anthropic's models, and provider is ${brain.provider}`,
      );
    }
    if (brain.provider_id === "none" && (brain.provider === "anthropic" || brain.provider === "openai")) {
      report("brain.provider_id", `gives no key, and provider ${brain.provider} answers nobody without one`);
    }
  }
  if (network?.policy === "off" && draft.tools?.includes("http")) {
    report("tools", "grants http, which reaches nothing under network policy off");
  }
  if (network?.policy === "allowlist" && network.allow?.length === 0) {
    report("network.allow", "is empty: nothing is let out, as with policy off");
  }
  for (const [index, rule] of network?.allow?.entries() ?? []) {
    if (rule?.ports?.length === 0) report(`network.allow[${index}].ports`, "is empty: this rule never matches");
  }
};

function valueAt(draft: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], draft);
}

/** False for a value that asks for nothing: null, false, an empty list or map, a map of such. */
function says(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined && value !== null && value !== false;
  return Array.isArray(value) ? value.length > 0 : Object.values(value).some(says);
}
