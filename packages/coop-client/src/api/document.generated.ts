// Written by tools/openapi from docs/openapi.json: change the routes, not this file.

/** Everything that the API answers or takes, by the name that the document gives it. */
export interface Schemas {
  readonly Ok: { readonly ok: true };
  readonly ErrorCode:
    | "bad_request"
    | "bad_id"
    | "bad_query"
    | "bad_json"
    | "bad_shape"
    | "bad_media_type"
    | "body_too_large"
    | "prompt_too_large"
    | "manifest_invalid"
    | "method_not_allowed"
    | "unauthorized"
    | "scope_missing"
    | "too_many_attempts"
    | "host_refused"
    | "origin_refused"
    | "not_found"
    | "hen_not_found"
    | "job_not_found"
    | "task_not_found"
    | "secret_not_found"
    | "token_not_found"
    | "hen_exists"
    | "token_exists"
    | "hen_busy"
    | "hen_archived"
    | "illegal_move"
    | "job_ended"
    | "idempotency_conflict"
    | "revision_conflict"
    | "vault_exists"
    | "vault_busy"
    | "revision_missing"
    | "walls_missing"
    | "policy_denied"
    | "agent_missing"
    | "tool_not_granted"
    | "topic_refused"
    | "delegation_refused"
    | "secret_not_allowed"
    | "queue_full"
    | "too_many_watchers"
    | "limit_reached"
    | "limit_cost"
    | "brain_unavailable"
    | "brain_overloaded"
    | "brain_rate_limited"
    | "brain_auth"
    | "brain_context_too_long"
    | "brain_bad_request"
    | "brain_refused"
    | "brain_answer_invalid"
    | "brain_output_cut"
    | "brain_unsupported"
    | "script_invalid"
    | "secret_unavailable"
    | "vault_locked"
    | "vault_refused"
    | "tool_unknown"
    | "tool_input_invalid"
    | "tool_failed"
    | "path_refused"
    | "sandbox_failed"
    | "stale_epoch"
    | "cancelled"
    | "interrupted"
    | "backup_invalid"
    | "store_locked"
    | "store_newer"
    | "store_unavailable"
    | "disk_full"
    | "not_ready"
    | "shutting_down"
    | "unreachable"
    | "timeout"
    | "bad_answer"
    | "internal";
  readonly Farm: {
    readonly coop_id: string;
    readonly coopd_version: string;
    readonly hen_count: number;
    readonly hens_by_state: Readonly<Record<string, number>>;
    readonly jobs: {
      readonly queued: number;
      readonly running: number;
      readonly done: number;
      readonly failed: number;
      readonly cancelled: number;
    };
    readonly event_seq: number;
    readonly host: {
      readonly cores: number;
      readonly cpu_percent: number | null;
      readonly load_1m: number;
      readonly memory: { readonly total_bytes: number; readonly available_bytes: number };
      readonly disk: { readonly total_bytes: number; readonly free_bytes: number };
    };
    readonly stopped: boolean;
    readonly today: Schemas["Spend"];
  };
  readonly Doctor: {
    readonly ok: boolean;
    readonly rows: readonly {
      readonly id: string;
      readonly title: string;
      readonly holds: boolean;
      readonly detail: string;
    }[];
  };
  readonly Stopped: { readonly stopped: true; readonly cancelled: number };
  readonly Resumed: { readonly stopped: false };
  readonly Hen: {
    readonly id: string;
    readonly state: "DEFINED" | "HATCHING" | "IDLE" | "WORKING" | "LEASED" | "SLEEPING" | "DORMANT" | "ARCHIVED";
    readonly lease:
      | { readonly kind: "owner" }
      | {
          readonly kind: "leased_out";
          readonly renter: string;
          readonly lease_id: string;
          readonly expires_at: string | null;
        }
      | { readonly kind: "leased_in"; readonly provider: string; readonly lease_id: string };
    readonly manifest: Schemas["HenManifest"];
    readonly manifest_revision: number;
    readonly assigned_roost: string | null;
    readonly stats: {
      readonly xp: number;
      readonly level: number;
      readonly quests_completed: number;
      readonly grain_earned: number;
    };
    readonly lineage: { readonly parent: string | null; readonly generation: number };
    readonly created_at: string;
    readonly updated_at: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly enforcement: "enforced" | "gated" | "denied_all" | "unenforceable";
    readonly enforcement_reason: string | null;
    readonly needs: "vault" | "walls" | null;
    readonly needs_reason: string | null;
    readonly needs_next: string | null;
  };
  readonly Job: {
    readonly id: string;
    readonly hen_id: string;
    readonly prompt: string;
    readonly status: "QUEUED" | "RUNNING" | "DONE" | "FAILED" | "CANCELLED";
    readonly result: string | null;
    readonly error: string | null;
    readonly turns: number;
    readonly delegation_depth: number;
    readonly grain_spent: number;
    readonly created_at: string;
    readonly updated_at: string;
    readonly started_at: string | null;
    readonly ended_at: string | null;
    readonly error_code: Schemas["ErrorCode"] | null;
    readonly usage: {
      readonly input_tokens: number;
      readonly output_tokens: number;
      readonly cache_tokens: number;
      readonly cache_write_tokens: number;
    };
    readonly cost: {
      readonly usd_micros: number | null;
      readonly known_usd_micros: number;
      readonly unpriced_tokens: number;
      readonly uncertain_tokens: number;
      readonly uncertain_usd_micros: number;
      readonly handed_tokens: number;
      readonly handed_usd_micros: number;
    };
    readonly limits: {
      readonly max_turns: number;
      readonly wall_secs: number | null;
      readonly output_tokens: number | null;
      readonly tokens: number | null;
      readonly cost_usd: number | null;
    };
    readonly parent_job_id: string | null;
    readonly lease_id: string | null;
  };
  readonly BrainUsage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cache_tokens: number;
    readonly cache_write_tokens?: number;
    readonly unreported?: true;
  };
  readonly ContentBlock:
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "thinking"; readonly text: string; readonly signature?: string; readonly redacted?: string }
    | { readonly type: "tool_call"; readonly id: string; readonly name: string; readonly input: unknown }
    | {
        readonly type: "tool_result";
        readonly tool_use_id: string;
        readonly content: string;
        readonly is_error: boolean;
      }
    | {
        readonly type: "unknown";
        readonly wire: "anthropic" | "openai";
        readonly block: Readonly<Record<string, unknown>>;
      };
  readonly JournalEntry:
    | {
        readonly kind: "opened";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly prompt: string;
        readonly system: string;
        readonly memory: string | null;
        readonly tools: readonly {
          readonly name: string;
          readonly description: string;
          readonly input_schema: Readonly<Record<string, unknown>>;
        }[];
        readonly model: string;
        readonly manifest_sha256: string;
        readonly route?: { readonly tier: "large" | "medium" | "small"; readonly rule: string; readonly model: string };
      }
    | {
        readonly kind: "brain.request";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly turn: number;
        readonly sha256: string;
        readonly call?: {
          readonly provider: "anthropic" | "openai" | "openai-compat" | "script";
          readonly model: string;
          readonly request_bytes: number;
          readonly worst: {
            readonly input_tokens: number;
            readonly output_tokens: number;
            readonly usd_micros: number | null;
          };
        };
      }
    | {
        readonly kind: "brain.failed";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly turn: number;
        readonly provider: string;
        readonly model: string;
        readonly error_code: Schemas["ErrorCode"];
        readonly error: string;
        readonly may_be_charged: boolean;
      }
    | {
        readonly kind: "brain.response";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly turn: number;
        readonly content: readonly Schemas["ContentBlock"][];
        readonly usage: Schemas["BrainUsage"];
        readonly finish_reason: string;
        readonly latency_ms: number;
        readonly call?: {
          readonly provider: string;
          readonly model: string;
          readonly usd_micros: number | null;
          readonly cached?: true;
          readonly at_most?: { readonly tokens: number; readonly usd_micros: number | null };
        };
      }
    | {
        readonly kind: "tool.intent";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly turn: number;
        readonly call_id: string;
        readonly tool: string;
        readonly input: unknown;
        readonly effect: "pure" | "keyed" | "once";
      }
    | {
        readonly kind: "tool.result";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly turn: number;
        readonly call_id: string;
        readonly tool: string;
        readonly content: string;
        readonly is_error: boolean;
        readonly outcome: "known" | "unknown";
        readonly duration_ms: number;
      }
    | {
        readonly kind: "child.spawned";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly turn: number;
        readonly call_id: string;
        readonly job_id: string;
        readonly hen_id: string;
      }
    | {
        readonly kind: "child.result";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly turn: number;
        readonly call_id: string;
        readonly job_id: string;
        readonly status: "QUEUED" | "RUNNING" | "DONE" | "FAILED" | "CANCELLED";
        readonly spent?: { readonly tokens: number; readonly usd_micros: number };
      }
    | {
        readonly kind: "note";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly text: string;
      }
    | {
        readonly kind: "settled";
        readonly seq: number;
        readonly at: string;
        readonly epoch: number;
        readonly status: "QUEUED" | "RUNNING" | "DONE" | "FAILED" | "CANCELLED";
        readonly result: string | null;
        readonly error: string | null;
        readonly error_code: Schemas["ErrorCode"] | null;
      };
  readonly Journal: readonly Schemas["JournalEntry"][];
  readonly Episode: {
    readonly id: string;
    readonly hen_id: string;
    readonly job_id: string;
    readonly at: string;
    readonly prompt: string;
    readonly summary: string;
    readonly turns: number;
    readonly outcome: "done" | "failed";
  };
  readonly StoreReport: {
    readonly ok: boolean;
    readonly problems: readonly string[];
    readonly schema_version: number;
    readonly database_bytes: number;
    readonly unused_bytes: number;
    readonly wal_bytes: number;
    readonly snapshot_bytes: number;
    readonly rows: Readonly<Record<string, number>>;
    readonly oldest_event: { readonly seq: number; readonly at: string } | null;
    readonly quarantined: number;
    readonly disk: { readonly free_bytes: number; readonly total_bytes: number };
  };
  readonly HenUsage: {
    readonly jobs: { readonly done: number; readonly failed: number; readonly cancelled: number };
    readonly turns: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cache_tokens: number;
    readonly cache_write_tokens: number;
    readonly spend: Schemas["Spend"];
    readonly today: Schemas["Spend"];
  };
  readonly Spend: {
    readonly calls: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cache_tokens: number;
    readonly cache_write_tokens: number;
    readonly cost: {
      readonly usd_micros: number | null;
      readonly known_usd_micros: number;
      readonly unpriced_tokens: number;
      readonly uncertain_tokens: number;
      readonly uncertain_usd_micros: number;
    };
  };
  readonly Usage: {
    readonly by: "day" | "hen" | "model";
    readonly since: string;
    readonly until: string;
    readonly rows: readonly {
      readonly day: string | null;
      readonly hen_id: string | null;
      readonly model: string | null;
      readonly calls: number;
      readonly input_tokens: number;
      readonly output_tokens: number;
      readonly cache_tokens: number;
      readonly cache_write_tokens: number;
      readonly cost: {
        readonly usd_micros: number | null;
        readonly known_usd_micros: number;
        readonly unpriced_tokens: number;
        readonly uncertain_tokens: number;
        readonly uncertain_usd_micros: number;
      };
    }[];
    readonly total: Schemas["Spend"];
  };
  readonly FarmLimits: {
    readonly job_tokens: number | null;
    readonly job_cost_usd: number | null;
    readonly hen_day_tokens: number | null;
    readonly hen_day_cost_usd: number | null;
    readonly day_tokens: number | null;
    readonly day_cost_usd: number | null;
  };
  readonly ModelPrice: {
    readonly input: number;
    readonly output: number;
    readonly cache_read?: number;
    readonly cache_write?: number;
    readonly above?: {
      readonly input: number;
      readonly output: number;
      readonly input_tokens: number;
      readonly cache_read?: number;
      readonly cache_write?: number;
    };
  };
  readonly BrainTest: {
    readonly hen_id: string;
    readonly provider: string;
    readonly model: string;
    readonly latency_ms: number;
    readonly usage: Schemas["BrainUsage"];
    readonly usd_micros: number | null;
    readonly usd_per_million: Schemas["ModelPrice"] | null;
    readonly prices_as_of: string;
    readonly context_window: number | null;
    readonly attempts: readonly {
      readonly provider: string;
      readonly model: string;
      readonly error_code: string;
      readonly error: string;
    }[];
  };
  readonly Folder: {
    readonly path: string;
    readonly entries: readonly {
      readonly name: string;
      readonly kind: "file" | "folder" | "link" | "other";
      readonly bytes: number | null;
      readonly modified_at: string;
    }[];
    readonly next: string | null;
    readonly is_cut: boolean;
  };
  readonly Network: {
    readonly policy: "off" | "allowlist" | "open";
    readonly allow?: readonly {
      readonly host: string;
      readonly ports?: readonly number[];
      readonly private?: boolean;
      readonly methods?: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS")[] | null;
      readonly paths?: readonly string[] | null;
    }[];
  } | null;
  readonly NetworkChange: { readonly id: string; readonly revision: number; readonly network: Schemas["HenNetwork"] };
  readonly Egress: readonly Schemas["EgressEntry"][];
  readonly EgressEntry: {
    readonly hen_id: string;
    readonly seq: number;
    readonly at: string;
    readonly job_id: string | null;
    readonly via: "connect" | "http" | "socks" | "tls" | "tcp" | "dns" | "http_tool";
    readonly host: string;
    readonly port: number;
    readonly method: string | null;
    readonly path: string | null;
    readonly verdict: "allowed" | "denied";
    readonly code:
      | "policy_off"
      | "no_rule"
      | "port_not_listed"
      | "method_not_listed"
      | "path_not_listed"
      | "private_address"
      | "host_invalid"
      | "name_unresolved"
      | "sni_mismatch"
      | "request_invalid"
      | "quota"
      | "unreachable"
      | null;
    readonly rule: string | null;
    readonly reason: string | null;
    readonly allow: string | null;
    readonly next: string | null;
    readonly address: string | null;
    readonly bytes_up: number;
    readonly bytes_down: number;
    readonly count: number;
  };
  readonly Revision: { readonly id: string; readonly revision: number };
  readonly ManifestCheck: {
    readonly ok: boolean;
    readonly faults: readonly Schemas["ManifestFault"][];
    readonly warnings: readonly Schemas["ManifestFault"][];
    readonly manifest: Schemas["HenManifest"] | null;
  };
  readonly ManifestFault: {
    readonly line: number;
    readonly column: number;
    readonly path: string;
    readonly message: string;
    readonly expected?: string;
    readonly nearest?: string;
  };
  readonly Attention: readonly {
    readonly id: string;
    readonly kind:
      | "job_failed"
      | "limit_hit"
      | "hatch_refused"
      | "vault_needed"
      | "walls_missing"
      | "egress_denied"
      | "agent_waiting";
    readonly hen_id: string;
    readonly job_id: string | null;
    readonly at: string;
    readonly summary: string;
    readonly evidence: string | null;
    readonly actions: readonly {
      readonly label: string;
      readonly command: string;
      readonly request: {
        readonly method: "POST" | "PUT" | "DELETE";
        readonly path: string;
        readonly body: unknown;
      } | null;
    }[];
  }[];
  readonly HenId: string;
  readonly HenManifest: {
    readonly spec_version: "coop/v1";
    readonly name: string;
    readonly sex: "hen" | "rooster";
    readonly agent_kind: "anthropic" | "claude-code" | "codex" | "gh-copilot" | "shell" | "custom";
    readonly agent_command: readonly string[];
    readonly agent: { readonly done_marker: string | null; readonly idle_secs: number | null } | null;
    readonly brain: {
      readonly provider_id: string;
      readonly provider: "anthropic" | "openai" | "openai-compat" | "script";
      readonly base_url: string | null;
      readonly model: string;
      readonly capabilities_required: {
        readonly context_window: number;
        readonly tool_use: boolean;
        readonly vision: boolean;
      } | null;
      readonly fallbacks: readonly {
        readonly provider_id: string;
        readonly provider: "anthropic" | "openai" | "openai-compat" | "script";
        readonly base_url: string | null;
        readonly model: string;
      }[];
      readonly fallback_provider_ids: readonly string[];
      readonly auto_route: boolean;
      readonly cache: boolean;
    };
    readonly tools: readonly ("bash" | "file_read" | "file_write" | "http" | "delegate")[];
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
      readonly episodic_retention_days: number | null;
      readonly semantic_summarize_every: number | null;
      readonly inherit_from: string | null;
    } | null;
    readonly resources: {
      readonly ram_request_mb: number | null;
      readonly ram_limit_mb: number | null;
      readonly cpu_request: number | null;
      readonly cpu_limit: number | null;
      readonly prefer_roost: string | null;
      readonly disk_mb: number | null;
    } | null;
    readonly scheduling: {
      readonly placement: string | null;
      readonly restart_policy: string | null;
      readonly max_concurrent_jobs: number | null;
    } | null;
    readonly limits: {
      readonly max_turns: number | null;
      readonly wall_secs: number | null;
      readonly output_tokens: number | null;
      readonly tokens: number | null;
      readonly cost_usd: number | null;
      readonly day_tokens: number | null;
      readonly day_cost_usd: number | null;
      readonly total_tokens: number | null;
      readonly total_cost_usd: number | null;
    } | null;
    readonly retention: { readonly jobs_days: number | null } | null;
    readonly lease: {
      readonly allow_lease: boolean;
      readonly base_price_grain_per_hour: number | null;
      readonly min_renter_trust: number | null;
      readonly stream_enabled: boolean;
      readonly spectator_enabled: boolean;
      readonly intervention_allowed: boolean;
      readonly require_framework: boolean;
      readonly allowed_tools: readonly ("bash" | "file_read" | "file_write" | "http" | "delegate")[] | null;
      readonly topic_filter: {
        readonly deny_keywords: readonly string[];
        readonly allow_keywords: readonly string[];
      } | null;
    } | null;
    readonly network: {
      readonly policy: "off" | "allowlist" | "open";
      readonly allow: readonly {
        readonly host: string;
        readonly ports: readonly number[];
        readonly private: boolean;
        readonly methods: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS")[] | null;
        readonly paths: readonly string[] | null;
      }[];
    } | null;
    readonly sandbox: { readonly read: readonly string[] } | null;
    readonly metadata: Readonly<Record<string, unknown>>;
  };
  readonly HenNetwork: {
    readonly policy: "off" | "allowlist" | "open";
    readonly allow: readonly {
      readonly host: string;
      readonly ports: readonly number[];
      readonly private: boolean;
      readonly methods: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS")[] | null;
      readonly paths: readonly string[] | null;
    }[];
  } | null;
  readonly WatchEvent:
    | { readonly type: "hen_created"; readonly id: string; readonly seq: number; readonly at: string }
    | {
        readonly type: "hen_state_changed";
        readonly id: string;
        readonly from: "DEFINED" | "HATCHING" | "IDLE" | "WORKING" | "LEASED" | "SLEEPING" | "DORMANT" | "ARCHIVED";
        readonly to: "DEFINED" | "HATCHING" | "IDLE" | "WORKING" | "LEASED" | "SLEEPING" | "DORMANT" | "ARCHIVED";
        readonly seq: number;
        readonly at: string;
      }
    | {
        readonly type: "hen_manifest_changed";
        readonly id: string;
        readonly revision: number;
        readonly seq: number;
        readonly at: string;
      }
    | { readonly type: "hen_deleted"; readonly id: string; readonly seq: number; readonly at: string }
    | {
        readonly type: "job_submitted";
        readonly job_id: string;
        readonly hen_id: string;
        readonly seq: number;
        readonly at: string;
      }
    | {
        readonly type: "job_status_changed";
        readonly job_id: string;
        readonly status: "QUEUED" | "RUNNING" | "DONE" | "FAILED" | "CANCELLED";
        readonly hen_id: string;
        readonly seq: number;
        readonly at: string;
      }
    | {
        readonly type: "memory_recorded";
        readonly hen_id: string;
        readonly entry_id: string;
        readonly seq: number;
        readonly at: string;
      }
    | {
        readonly type: "memory_forgotten";
        readonly hen_id: string;
        readonly count: number;
        readonly seq: number;
        readonly at: string;
      }
    | { readonly type: "task_submitted"; readonly task_id: string; readonly seq: number; readonly at: string }
    | {
        readonly type: "task_status_changed";
        readonly task_id: string;
        readonly status: "PENDING" | "DISPATCHED" | "DONE" | "CANCELLED";
        readonly hen_id: string | null;
        readonly seq: number;
        readonly at: string;
      }
    | {
        readonly type: "delegated";
        readonly from: string;
        readonly to: string;
        readonly job_id: string;
        readonly seq: number;
        readonly at: string;
      }
    | {
        readonly type: "egress_denied" | "egress_allowed";
        readonly hen_id: string;
        readonly host: string;
        readonly port: number;
        readonly via: "connect" | "http" | "socks" | "tls" | "tcp" | "dns" | "http_tool";
        readonly code:
          | "policy_off"
          | "no_rule"
          | "port_not_listed"
          | "method_not_listed"
          | "path_not_listed"
          | "private_address"
          | "host_invalid"
          | "name_unresolved"
          | "sni_mismatch"
          | "request_invalid"
          | "quota"
          | "unreachable"
          | null;
        readonly rule: string | null;
        readonly reason: string | null;
        readonly count: number;
        readonly job_id: string | null;
        readonly next: string | null;
        readonly seq: number;
        readonly at: string;
      }
    | { readonly type: "gap"; readonly from: number; readonly to: number; readonly reason: "slow" | "pruned" | "reset" }
    | {
        readonly type: "job_progress";
        readonly job_id: string;
        readonly hen_id: string;
        readonly turn: number;
        readonly tool: string | null;
        readonly tokens: number;
      }
    | { readonly type: "attention_changed"; readonly count: number }
    | { readonly type: "terminal_changed"; readonly hen_id: string; readonly is_live: boolean }
    | { readonly type: "farm_changed"; readonly stopped: boolean }
    | { readonly type: "vault_changed"; readonly unlocked: boolean; readonly secrets: number }
    | { readonly type: "shutting_down" };
  readonly LiveEvent:
    | { readonly type: "turn"; readonly turn: number }
    | { readonly type: "text"; readonly turn: number; readonly delta: string }
    | { readonly type: "thinking"; readonly turn: number; readonly delta: string }
    | { readonly type: "restart"; readonly turn: number }
    | { readonly type: "gap"; readonly reason: "slow" | "rerun" }
    | { readonly type: "end"; readonly status: "QUEUED" | "RUNNING" | "DONE" | "FAILED" | "CANCELLED" | null };
  readonly JobAccepted: { readonly job_id: string };
  readonly JobWaiting: {
    readonly job_id: string;
    readonly status: "QUEUED" | "RUNNING" | "DONE" | "FAILED" | "CANCELLED";
    readonly kind: "farm_stopped" | "hen_needs" | "hen_away" | "lease" | "hen_busy" | "farm_busy" | "its_turn" | null;
    readonly waiting_for: string | null;
    readonly next: string | null;
    readonly ahead: number;
    readonly running: readonly string[];
  };
  readonly Forgotten: { readonly forgotten: number };
  readonly Hens: readonly Schemas["Hen"][];
  readonly Jobs: readonly Schemas["Job"][];
  readonly Episodes: readonly Schemas["Episode"][];
  readonly Delegated: {
    readonly hen: string;
    readonly job_id: string;
    readonly output: string;
    readonly status: "Done" | "Failed" | "Cancelled";
  };
  readonly FarmLimitsRequest: {
    readonly job_tokens?: number | null;
    readonly job_cost_usd?: number | null;
    readonly hen_day_tokens?: number | null;
    readonly hen_day_cost_usd?: number | null;
    readonly day_tokens?: number | null;
    readonly day_cost_usd?: number | null;
  };
  readonly JobRequest: {
    readonly prompt: string;
    readonly limits?: {
      readonly max_turns?: number;
      readonly wall_secs?: number | null;
      readonly output_tokens?: number | null;
      readonly tokens?: number | null;
      readonly cost_usd?: number | null;
    };
    readonly lease_id?: string | null;
  };
  readonly TaskAccepted: { readonly task_id: string };
  readonly Tasks: readonly Schemas["Task"][];
  readonly Task: {
    readonly id: string;
    readonly prompt: string;
    readonly required_agent_kind: "anthropic" | "claude-code" | "codex" | "gh-copilot" | "shell" | "custom" | null;
    readonly status: "PENDING" | "DISPATCHED" | "DONE" | "CANCELLED";
    readonly claimed_by: string | null;
    readonly created_at: string;
    readonly updated_at: string;
    readonly lease_id: string | null;
    readonly waiting_for: string | null;
  };
  readonly TaskRequest: {
    readonly prompt: string;
    readonly required_agent_kind?: "anthropic" | "claude-code" | "codex" | "gh-copilot" | "shell" | "custom" | null;
    readonly lease_id?: string | null;
  };
  readonly Terminals: readonly Schemas["Terminal"][];
  readonly Terminal: {
    readonly hen_id: string;
    readonly kind: "anthropic" | "claude-code" | "codex" | "gh-copilot" | "shell" | "custom";
    readonly command: readonly string[];
    readonly started_at: string;
    readonly active_at: string;
    readonly launches: number;
    readonly cols: number;
    readonly rows: number;
    readonly task_id: string | null;
    readonly viewers: readonly { readonly since: string; readonly read_only: boolean; readonly is_writer: boolean }[];
  };
  readonly SendRequest: {
    readonly keys?: string;
    readonly no_enter?: boolean;
    readonly named_keys?: readonly string[];
  };
  readonly LeaseRequest: { readonly renter: string; readonly lease_id: string; readonly expires_at?: string | null };
  readonly VaultStatus: {
    readonly unlocked: boolean;
    readonly path: string | null;
    readonly file: { readonly device: string; readonly inode: string } | null;
    readonly secrets: number;
  };
  readonly VaultSecrets: {
    readonly names: readonly string[];
    readonly secrets: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  };
  readonly VaultInit: { readonly passphrase: string };
  readonly VaultMade: { readonly path: string };
  readonly VaultUnlock: { readonly path: string; readonly passphrase: string };
  readonly VaultRotate: { readonly passphrase: string; readonly new_passphrase: string };
  readonly VaultPut: { readonly name: string; readonly value: string; readonly hosts?: readonly string[] };
  readonly VaultHosts: { readonly hosts: readonly string[] };
  readonly DelegateRequest: {
    readonly prompt: string;
    readonly limits?: {
      readonly max_turns?: number;
      readonly wall_secs?: number | null;
      readonly output_tokens?: number | null;
      readonly tokens?: number | null;
      readonly cost_usd?: number | null;
    };
    readonly lease_id?: string | null;
    readonly to: string;
  };
  readonly Document: Readonly<Record<string, unknown>>;
  readonly Location: {
    readonly hostname: string;
    readonly bound_addr: string;
    readonly loopback_only: boolean;
    readonly urls: readonly { readonly label: string; readonly url: string; readonly scope: "local" | "lan" }[];
  };
  readonly Capabilities: {
    readonly shell: boolean;
    readonly persistent_session: boolean;
    readonly task_dispatch: boolean;
    readonly backend: string;
    readonly os: string;
    readonly note: string;
  };
  readonly LoginRequest: { readonly token: string };
  readonly LoggedIn: { readonly ok: true; readonly auth?: "disabled" };
  readonly AuthStatus: { readonly enabled: boolean; readonly authenticated: boolean };
  readonly Me: {
    readonly kind: "anyone" | "farm" | "token" | "login";
    readonly id: string | null;
    readonly name: string;
    readonly scope: "read" | "operate" | "admin";
    readonly expires_at: string | null;
  };
  readonly OnceLink: { readonly path: string; readonly expires_at: string };
  readonly TokenRequest: {
    readonly name: string;
    readonly scope: "read" | "operate" | "admin";
    readonly expires_at?: string | null;
  };
  readonly Token: {
    readonly id: string;
    readonly kind: "token" | "login";
    readonly name: string;
    readonly scope: "read" | "operate" | "admin";
    readonly created_at: string;
    readonly expires_at: string | null;
    readonly last_used_at: string | null;
  };
  readonly Tokens: readonly Schemas["Token"][];
  readonly NewToken: {
    readonly id: string;
    readonly kind: "token" | "login";
    readonly name: string;
    readonly scope: "read" | "operate" | "admin";
    readonly created_at: string;
    readonly expires_at: string | null;
    readonly last_used_at: string | null;
    readonly token: string;
  };
  readonly AuditEntry: {
    readonly seq: number;
    readonly at: string;
    readonly actor: string;
    readonly origin: string;
    readonly action: string;
    readonly target: string | null;
    readonly status: number;
    readonly request_id: string;
    readonly before: Schemas["AuditState"] | null;
    readonly after: Schemas["AuditState"] | null;
    readonly hash: string;
  };
  readonly AuditState: Readonly<Record<string, string | number | boolean | null>>;
  readonly AuditEntries: readonly Schemas["AuditEntry"][];
  readonly AuditHead: {
    readonly seq: number;
    readonly hash: string;
    readonly base: { readonly seq: number; readonly hash: string };
  };
}

/** Every route below `/api/v1`: what a call of it is made of, and the JSON that it answers; `undefined` where it is none. */
export interface Routes {
  readonly "GET /healthz": { readonly parts: unknown; readonly answer: Schemas["Ok"] };
  readonly "GET /readyz": { readonly parts: unknown; readonly answer: Schemas["Ok"] };
  readonly "GET /farm": { readonly parts: unknown; readonly answer: Schemas["Farm"] };
  readonly "POST /farm/stop": { readonly parts: unknown; readonly answer: Schemas["Stopped"] };
  readonly "POST /farm/resume": { readonly parts: unknown; readonly answer: Schemas["Resumed"] };
  readonly "GET /doctor": { readonly parts: unknown; readonly answer: Schemas["Doctor"] };
  readonly "GET /doctor/store": { readonly parts: unknown; readonly answer: Schemas["StoreReport"] };
  readonly "POST /backup": {
    readonly parts: { readonly query?: { no_workdirs?: boolean | undefined } };
    readonly answer: undefined;
  };
  readonly "GET /farm/location": { readonly parts: unknown; readonly answer: Schemas["Location"] };
  readonly "GET /session/capabilities": { readonly parts: unknown; readonly answer: Schemas["Capabilities"] };
  readonly "GET /openapi.json": { readonly parts: unknown; readonly answer: Schemas["Document"] };
  readonly "GET /watch": {
    readonly parts: {
      readonly query?: { since?: number | undefined; types?: string | undefined; hen?: string | undefined };
    };
    readonly answer: undefined;
    readonly events: Schemas["WatchEvent"];
  };
  readonly "GET /attention": { readonly parts: unknown; readonly answer: Schemas["Attention"] };
  readonly "POST /attention/{id}/dismiss": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["Ok"];
  };
  readonly "POST /auth/login": {
    readonly parts: { readonly json: Schemas["LoginRequest"] };
    readonly answer: Schemas["LoggedIn"];
  };
  readonly "POST /auth/logout": { readonly parts: unknown; readonly answer: Schemas["Ok"] };
  readonly "GET /auth/status": { readonly parts: unknown; readonly answer: Schemas["AuthStatus"] };
  readonly "GET /auth/me": { readonly parts: unknown; readonly answer: Schemas["Me"] };
  readonly "POST /auth/links": { readonly parts: unknown; readonly answer: Schemas["OnceLink"] };
  readonly "GET /tokens": { readonly parts: unknown; readonly answer: Schemas["Tokens"] };
  readonly "POST /tokens": {
    readonly parts: { readonly json: Schemas["TokenRequest"] };
    readonly answer: Schemas["NewToken"];
  };
  readonly "DELETE /tokens/{id}": { readonly parts: { readonly path: { id: string } }; readonly answer: undefined };
  readonly "GET /audit": {
    readonly parts: { readonly query?: { after?: number | undefined; limit?: number | undefined } };
    readonly answer: Schemas["AuditEntries"];
  };
  readonly "GET /audit/head": { readonly parts: unknown; readonly answer: Schemas["AuditHead"] };
  readonly "GET /hens": {
    readonly parts: {
      readonly query?: {
        state?:
          | "DEFINED"
          | "HATCHING"
          | "IDLE"
          | "WORKING"
          | "LEASED"
          | "SLEEPING"
          | "DORMANT"
          | "ARCHIVED"
          | undefined;
        limit?: number | undefined;
        after?: string | undefined;
      };
    };
    readonly answer: Schemas["Hens"];
  };
  readonly "POST /hens": {
    readonly parts: {
      readonly idempotencyKey?: string | undefined;
      readonly body: { readonly bytes: Uint8Array; readonly type: "application/yaml" } | FormData;
    };
    readonly answer: Schemas["HenId"];
  };
  readonly "GET /hens/{id}": { readonly parts: { readonly path: { id: string } }; readonly answer: Schemas["Hen"] };
  readonly "DELETE /hens/{id}": {
    readonly parts: { readonly path: { id: string }; readonly query?: { force?: boolean | undefined } };
    readonly answer: undefined;
  };
  readonly "POST /hens/{id}/archive": {
    readonly parts: { readonly path: { id: string }; readonly query?: { force?: boolean | undefined } };
    readonly answer: Schemas["Ok"];
  };
  readonly "POST /hens/{id}/hatch": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["Ok"];
  };
  readonly "POST /hens/{id}/sleep": {
    readonly parts: { readonly path: { id: string }; readonly query?: { force?: boolean | undefined } };
    readonly answer: Schemas["Ok"];
  };
  readonly "POST /hens/{id}/wake": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["Ok"];
  };
  readonly "POST /hens/{id}/jobs": {
    readonly parts: {
      readonly path: { id: string };
      readonly idempotencyKey?: string | undefined;
      readonly json: Schemas["JobRequest"];
    };
    readonly answer: Schemas["JobAccepted"];
  };
  readonly "POST /hens/{id}/delegate": {
    readonly parts: {
      readonly path: { id: string };
      readonly idempotencyKey?: string | undefined;
      readonly json: Schemas["DelegateRequest"];
    };
    readonly answer: Schemas["Delegated"];
  };
  readonly "POST /hens/{id}/lease": {
    readonly parts: { readonly path: { id: string }; readonly json: Schemas["LeaseRequest"] };
    readonly answer: Schemas["Ok"];
  };
  readonly "POST /hens/{id}/release": {
    readonly parts: { readonly path: { id: string }; readonly query?: { force?: boolean | undefined } };
    readonly answer: Schemas["Ok"];
  };
  readonly "GET /hens/{id}/usage": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["HenUsage"];
  };
  readonly "GET /hens/{id}/files": {
    readonly parts: {
      readonly path: { id: string };
      readonly query?: { path?: string | undefined; limit?: number | undefined; after?: string | undefined };
    };
    readonly answer: Schemas["Folder"];
  };
  readonly "GET /hens/{id}/memory": {
    readonly parts: { readonly path: { id: string }; readonly query?: { limit?: number | undefined } };
    readonly answer: Schemas["Episodes"];
  };
  readonly "DELETE /hens/{id}/memory": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["Forgotten"];
  };
  readonly "GET /hens/{id}/manifest": { readonly parts: { readonly path: { id: string } }; readonly answer: undefined };
  readonly "PUT /hens/{id}/manifest": {
    readonly parts: {
      readonly path: { id: string };
      readonly ifMatch: string;
      readonly body: { readonly bytes: Uint8Array; readonly type: "application/yaml" } | FormData;
    };
    readonly answer: Schemas["Revision"];
  };
  readonly "POST /manifests/check": {
    readonly parts: { readonly body: { readonly bytes: Uint8Array; readonly type: "application/yaml" } };
    readonly answer: Schemas["ManifestCheck"];
  };
  readonly "GET /hens/{id}/egress": {
    readonly parts: {
      readonly path: { id: string };
      readonly query?: {
        verdict?: "allowed" | "denied" | undefined;
        job_id?: string | undefined;
        order?: "asc" | "desc" | undefined;
        limit?: number | undefined;
        after?: number | undefined;
      };
    };
    readonly answer: Schemas["Egress"];
  };
  readonly "PUT /hens/{id}/network": {
    readonly parts: {
      readonly path: { id: string };
      readonly ifMatch?: string | undefined;
      readonly json: Schemas["Network"];
    };
    readonly answer: Schemas["NetworkChange"];
  };
  readonly "GET /usage": {
    readonly parts: {
      readonly query?: {
        by?: "day" | "hen" | "model" | undefined;
        since?: string | undefined;
        until?: string | undefined;
        hen_id?: string | undefined;
      };
    };
    readonly answer: Schemas["Usage"];
  };
  readonly "GET /farm/limits": { readonly parts: unknown; readonly answer: Schemas["FarmLimits"] };
  readonly "PUT /farm/limits": {
    readonly parts: { readonly json: Schemas["FarmLimitsRequest"] };
    readonly answer: Schemas["FarmLimits"];
  };
  readonly "POST /hens/{id}/brain/test": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["BrainTest"];
  };
  readonly "GET /jobs": {
    readonly parts: {
      readonly query?: {
        hen_id?: string | undefined;
        parent_job_id?: string | undefined;
        status?: string | undefined;
        since?: string | undefined;
        until?: string | undefined;
        q?: string | undefined;
        order?: "asc" | "desc" | undefined;
        limit?: number | undefined;
        after?: string | undefined;
      };
    };
    readonly answer: Schemas["Jobs"];
  };
  readonly "GET /jobs/{id}": { readonly parts: { readonly path: { id: string } }; readonly answer: Schemas["Job"] };
  readonly "GET /jobs/{id}/waiting": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["JobWaiting"];
  };
  readonly "POST /jobs/{id}/cancel": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["Job"];
  };
  readonly "POST /jobs/{id}/retry": {
    readonly parts: { readonly path: { id: string }; readonly idempotencyKey?: string | undefined };
    readonly answer: Schemas["JobAccepted"];
  };
  readonly "GET /jobs/{id}/journal": {
    readonly parts: {
      readonly path: { id: string };
      readonly query?: { limit?: number | undefined; after?: number | undefined };
    };
    readonly answer: Schemas["Journal"];
  };
  readonly "GET /jobs/{id}/stream": {
    readonly parts: { readonly path: { id: string }; readonly query?: { after?: string | undefined } };
    readonly answer: undefined;
    readonly events: Schemas["LiveEvent"];
  };
  readonly "GET /tasks": {
    readonly parts: {
      readonly query?: {
        status?: "PENDING" | "DISPATCHED" | "DONE" | "CANCELLED" | undefined;
        limit?: number | undefined;
        after?: string | undefined;
      };
    };
    readonly answer: Schemas["Tasks"];
  };
  readonly "POST /tasks": {
    readonly parts: { readonly idempotencyKey?: string | undefined; readonly json: Schemas["TaskRequest"] };
    readonly answer: Schemas["TaskAccepted"];
  };
  readonly "POST /tasks/{id}/done": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["Ok"];
  };
  readonly "POST /tasks/{id}/retry": {
    readonly parts: { readonly path: { id: string } };
    readonly answer: Schemas["Ok"];
  };
  readonly "DELETE /tasks/{id}": { readonly parts: { readonly path: { id: string } }; readonly answer: Schemas["Ok"] };
  readonly "GET /vault/status": { readonly parts: unknown; readonly answer: Schemas["VaultStatus"] };
  readonly "POST /vault/init": {
    readonly parts: { readonly json: Schemas["VaultInit"] };
    readonly answer: Schemas["VaultMade"];
  };
  readonly "POST /vault/unlock": {
    readonly parts: { readonly json: Schemas["VaultUnlock"] };
    readonly answer: Schemas["Ok"];
  };
  readonly "POST /vault/lock": { readonly parts: unknown; readonly answer: Schemas["Ok"] };
  readonly "POST /vault/rotate": {
    readonly parts: { readonly json: Schemas["VaultRotate"] };
    readonly answer: Schemas["Ok"];
  };
  readonly "GET /vault/secrets": { readonly parts: unknown; readonly answer: Schemas["VaultSecrets"] };
  readonly "PUT /vault/secrets": {
    readonly parts: { readonly json: Schemas["VaultPut"] };
    readonly answer: Schemas["Ok"];
  };
  readonly "PUT /vault/secrets/{name}/hosts": {
    readonly parts: { readonly path: { name: string }; readonly json: Schemas["VaultHosts"] };
    readonly answer: Schemas["Ok"];
  };
  readonly "DELETE /vault/secrets/{name}": {
    readonly parts: { readonly path: { name: string } };
    readonly answer: Schemas["Ok"];
  };
  readonly "GET /terminals": { readonly parts: unknown; readonly answer: Schemas["Terminals"] };
  readonly "GET /hens/{id}/shell": {
    readonly parts: {
      readonly path: { id: string };
      readonly query?: {
        read_only?: boolean | undefined;
        acks?: boolean | undefined;
        cols?: number | undefined;
        rows?: number | undefined;
      };
    };
    readonly answer: undefined;
  };
  readonly "POST /hens/{id}/shell/send": {
    readonly parts: { readonly path: { id: string }; readonly json: Schemas["SendRequest"] };
    readonly answer: Schemas["Ok"];
  };
}
