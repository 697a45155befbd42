/** agent.yaml after parsing, every default filled in, as stored and as on the wire (contract/manifest.md). */
export interface Manifest {
  readonly spec_version: "coop/v1";
  readonly name: string;
  readonly sex: "hen" | "rooster";
  readonly agent_kind: AgentKind;
  /** The command line of an `agent_kind: custom` hen; empty for every other kind. */
  readonly agent_command: readonly string[];
  readonly agent: AgentSpec | null;
  readonly brain: BrainSpec;
  readonly tools: readonly string[];
  readonly personality: {
    readonly system_prompt: string | null;
    readonly traits: Readonly<Record<string, unknown>>;
  } | null;
  readonly visual: {
    readonly avatar_url: string | null;
    readonly emoji: string | null;
    readonly theme_color: string | null;
  } | null;
  readonly memory: {
    /** Days; 0 and null keep for ever. */
    readonly episodic_retention_days: number | null;
    readonly semantic_summarize_every: number | null;
    readonly inherit_from: string | null;
  } | null;
  readonly resources: ResourcesSpec | null;
  readonly scheduling: {
    readonly placement: string | null;
    readonly restart_policy: string | null;
    readonly max_concurrent_jobs: number | null;
  } | null;
  readonly limits: LimitsSpec | null;
  readonly retention: { readonly jobs_days: number | null } | null;
  readonly lease: LeaseSpec | null;
  readonly network: NetworkSpec | null;
  readonly sandbox: { readonly read: readonly string[] } | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Who drives the hen (contract/domain.md §9); `custom` is ours. */
export const AGENT_KINDS = ["anthropic", "claude-code", "codex", "gh-copilot", "shell", "custom"] as const;
/** `anthropic` means "thinks in the daemon", whatever the provider; the others are driven through a terminal. */
export type AgentKind = (typeof AGENT_KINDS)[number];

/** The adapters a manifest may name; `script` is ours. */
export const BRAIN_PROVIDERS = ["anthropic", "openai", "openai-compat", "script"] as const;
export type BrainProvider = (typeof BRAIN_PROVIDERS)[number];

/** One model behind one key. */
export interface BrainLink {
  /** A secret reference: `vault:NAME`, `azure-kv://VAULT/SECRET[/VERSION]` or `none`. */
  readonly provider_id: string;
  readonly provider: BrainProvider;
  readonly base_url: string | null;
  readonly model: string;
}

/** `brain:` of a manifest: the first link and what stands behind it. */
export interface BrainSpec extends BrainLink {
  readonly capabilities_required: {
    readonly context_window: number;
    readonly tool_use: boolean;
    readonly vision: boolean;
  } | null;
  readonly fallbacks: readonly BrainLink[];
  readonly fallback_provider_ids: readonly string[];
  readonly auto_route: boolean;
  readonly cache: boolean;
}

export interface AgentSpec {
  /** A text that a terminal agent prints when it is done. */
  readonly done_marker: string | null;
  /** Seconds without output after which a terminal agent counts as waiting. */
  readonly idle_secs: number | null;
}

/** `resources:`; a value that the host cannot enforce refuses the hatch. MB are 2^20 bytes, CPU is in cores. */
export interface ResourcesSpec {
  readonly ram_request_mb: number | null;
  readonly ram_limit_mb: number | null;
  readonly cpu_request: number | null;
  readonly cpu_limit: number | null;
  readonly prefer_roost: string | null;
  readonly disk_mb: number | null;
}

/** Null where the farm's own limit holds, or none. Those on tokens and cost are ceilings, checked before each model call. */
export interface LimitsSpec {
  readonly max_turns: number | null;
  readonly wall_secs: number | null;
  readonly output_tokens: number | null;
  readonly tokens: number | null;
  readonly cost_usd: number | null;
  /** Of the hen in one UTC day. */
  readonly day_tokens: number | null;
  readonly day_cost_usd: number | null;
  /** Of the hen in its whole life. */
  readonly total_tokens: number | null;
  readonly total_cost_usd: number | null;
}

/** Keywords that a leased hen's prompts must not have, or must have one of. */
export interface TopicFilter {
  readonly deny_keywords: readonly string[];
  readonly allow_keywords: readonly string[];
}

/** `lease:`; what holds while another than the owner uses the hen. */
export interface LeaseSpec {
  readonly allow_lease: boolean;
  readonly base_price_grain_per_hour: number | null;
  readonly min_renter_trust: number | null;
  readonly stream_enabled: boolean;
  readonly spectator_enabled: boolean;
  readonly intervention_allowed: boolean;
  readonly require_framework: boolean;
  readonly allowed_tools: readonly string[] | null;
  readonly topic_filter: TopicFilter | null;
}

/** `network:`; `allow` is non-empty only under `allowlist`. */
export interface NetworkSpec {
  readonly policy: NetPolicy;
  readonly allow: readonly NetRule[];
}

/** An absent `network:` block means `open`: any public host, still through the gate (walls.md, Gate). */
export type NetPolicy = "off" | "allowlist" | "open";

/** HTTP methods that a rule may name. */
export const NET_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export type NetMethod = (typeof NET_METHODS)[number];

export interface NetRule {
  /** Exact lower-case host, or `*.` before one; punycode. */
  readonly host: string;
  /** Empty never matches. */
  readonly ports: readonly number[];
  /** True opens exactly this private host:port (walls.md, Gate). */
  readonly private: boolean;
  /** HTTP methods in upper case; null for any. Held where the gate sees them. */
  readonly methods: readonly NetMethod[] | null;
  /** Path prefixes; null for any. Held where the gate sees them. */
  readonly paths: readonly string[] | null;
}

/** The policy that holds for a manifest: `open` when it has no network block. */
export function netPolicyOf(manifest: Manifest): NetPolicy {
  return manifest.network?.policy ?? "open";
}
