import { AGENT_KINDS, EGRESS_DENIALS, ERROR_CODES, HEN_STATES, JOB_STATUSES, TASK_STATUSES } from "coopd-core";
import { manifestJsonSchema } from "coopd-core/manifest";
import { VERSION } from "../version.ts";
import type { Operation } from "./operations/operation.ts";
import { OPERATIONS } from "./operations.ts";

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const whole: Schema = { type: "integer", minimum: 0 };
const instant: Schema = { type: "string", format: "date-time" };
const henId: Schema = { type: "string", examples: ["local.coop/aria"] };
const uuid: Schema = { type: "string", format: "uuid" };
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
const list = (schema: Schema): Schema => ({ type: "array", items: schema });
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const record = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: "object",
  required: Object.keys(properties),
  properties,
});

const JOB_REQUEST = {
  prompt: text,
  limits: { type: "object", properties: { max_turns: whole, wall_secs: whole, output_tokens: whole } },
  lease_id: orNull(text),
};

const networkSchema: Schema = {
  type: "object",
  required: ["policy"],
  description: "agent.yaml's network block; see `coop schema`",
  properties: { policy: { enum: ["off", "allowlist", "open"] }, allow: list({ type: "object" }) },
};

const LEASES = [
  record({ kind: { const: "owner" } }),
  record({ kind: { const: "leased_out" }, renter: text, lease_id: text, expires_at: orNull(instant) }),
  record({ kind: { const: "leased_in" }, provider: text, lease_id: text }),
];

const SCHEMAS: Readonly<Record<string, Schema>> = {
  Ok: record({ ok: { const: true } }),
  Error: {
    type: "object",
    required: ["error", "code"],
    properties: { error: text, code: { enum: Object.keys(ERROR_CODES) }, next: text, details: { type: "object" } },
  },
  Farm: record({
    coop_id: text,
    coopd_version: text,
    hen_count: whole,
    hens_by_state: { type: "object", additionalProperties: whole },
    jobs: record({ queued: whole, running: whole }),
    event_seq: whole,
    host: record({
      cores: whole,
      cpu_percent: orNull(whole),
      load_1m: { type: "number" },
      memory: record({ total_bytes: whole, available_bytes: whole }),
      disk: record({ total_bytes: whole, free_bytes: whole }),
    }),
    stopped: { type: "boolean" },
  }),
  Doctor: record({
    ok: { type: "boolean" },
    rows: list(record({ id: text, title: text, holds: { type: "boolean" }, detail: text })),
  }),
  Stopped: record({ stopped: { const: true }, cancelled: whole }),
  Resumed: record({ stopped: { const: false } }),
  Hen: record({
    id: henId,
    state: { enum: [...HEN_STATES] },
    lease: { anyOf: LEASES },
    manifest: { type: "object", description: "agent.yaml with every default filled in; see `coop schema`" },
    manifest_revision: { type: "integer", minimum: 1 },
    assigned_roost: orNull(text),
    stats: record({ xp: whole, level: whole, quests_completed: whole, grain_earned: whole }),
    lineage: record({ parent: orNull(henId), generation: whole }),
    created_at: instant,
    updated_at: instant,
    tags: { type: "object" },
    enforcement: { enum: ["enforced", "gated", "denied_all", "unenforceable"] },
    enforcement_reason: orNull(text),
    needs: { enum: ["vault", "walls", null] },
    needs_reason: orNull(text),
    needs_next: orNull(text),
  }),
  Job: record({
    id: uuid,
    hen_id: henId,
    prompt: text,
    status: { enum: [...JOB_STATUSES] },
    result: orNull(text),
    error: orNull(text),
    turns: whole,
    delegation_depth: whole,
    grain_spent: whole,
    created_at: instant,
    updated_at: instant,
    started_at: orNull(instant),
    ended_at: orNull(instant),
    error_code: orNull(text),
    usage: record({ input_tokens: whole, output_tokens: whole, cache_tokens: whole }),
    limits: record({ max_turns: whole, wall_secs: orNull(whole), output_tokens: orNull(whole) }),
    parent_job_id: orNull(uuid),
    lease_id: orNull(text),
  }),
  JournalEntry: {
    type: "object",
    required: ["kind", "seq", "at", "epoch"],
    properties: { kind: text, seq: whole, at: instant, epoch: whole },
    description:
      "opened, brain.request, brain.response, tool.intent, tool.result, child.spawned, child.result, note or settled, with its own fields",
  },
  Episode: record({
    id: uuid,
    hen_id: henId,
    job_id: uuid,
    at: instant,
    prompt: text,
    summary: text,
    turns: whole,
    outcome: { enum: ["done", "failed"] },
  }),
  StoreReport: record({
    ok: { type: "boolean" },
    problems: list(text),
    schema_version: whole,
    database_bytes: whole,
    unused_bytes: whole,
    wal_bytes: whole,
    snapshot_bytes: whole,
    rows: { type: "object", additionalProperties: whole },
    oldest_event: orNull(record({ seq: whole, at: instant })),
    quarantined: whole,
    disk: record({ free_bytes: whole, total_bytes: whole }),
  }),
  HenUsage: record({
    jobs: record({ done: whole, failed: whole, cancelled: whole }),
    turns: whole,
    input_tokens: whole,
    output_tokens: whole,
    cache_tokens: whole,
  }),
  Folder: record({
    path: text,
    entries: list(
      record({
        name: text,
        kind: { enum: ["file", "folder", "link", "other"] },
        bytes: orNull(whole),
        modified_at: instant,
      }),
    ),
    next: orNull(text),
    is_cut: { type: "boolean" },
  }),
  Network: orNull(networkSchema),
  NetworkChange: record({ id: henId, revision: whole, network: orNull(networkSchema) }),
  Egress: list(ref("EgressEntry")),
  EgressEntry: record({
    hen_id: henId,
    seq: whole,
    at: instant,
    job_id: orNull(uuid),
    via: { enum: ["connect", "http", "socks", "tls", "tcp", "dns", "http_tool"] },
    host: text,
    port: whole,
    method: orNull(text),
    path: orNull(text),
    verdict: { enum: ["allowed", "denied"] },
    code: orNull({ enum: [...EGRESS_DENIALS] }),
    rule: orNull(text),
    reason: orNull(text),
    allow: orNull(text),
    next: orNull(text),
    address: orNull(text),
    bytes_up: whole,
    bytes_down: whole,
    count: whole,
  }),
  Revision: record({ id: henId, revision: whole }),
  ManifestCheck: record({
    ok: { type: "boolean" },
    faults: list(ref("ManifestFault")),
    warnings: list(ref("ManifestFault")),
    manifest: orNull(ref("Manifest")),
  }),
  ManifestFault: {
    type: "object",
    required: ["line", "column", "path", "message"],
    properties: { line: whole, column: whole, path: text, message: text, expected: text, nearest: text },
  },
  Attention: list(
    record({
      id: text,
      kind: {
        enum: [
          "job_failed",
          "limit_hit",
          "hatch_refused",
          "vault_needed",
          "walls_missing",
          "egress_denied",
          "agent_waiting",
        ],
      },
      hen_id: henId,
      job_id: orNull(uuid),
      at: instant,
      summary: text,
      evidence: orNull(text),
      actions: list(
        record({
          label: text,
          command: text,
          request: orNull(record({ method: { enum: ["POST", "PUT", "DELETE"] }, path: text, body: {} })),
        }),
      ),
    }),
  ),
  HenId: henId,
  JobAccepted: record({ job_id: uuid }),
  Forgotten: record({ forgotten: whole }),
  Hens: list(ref("Hen")),
  Jobs: list(ref("Job")),
  Journal: list(ref("JournalEntry")),
  Episodes: list(ref("Episode")),
  Delegated: record({ hen: henId, job_id: uuid, output: text, status: { enum: ["Done", "Failed", "Cancelled"] } }),
  JobRequest: { type: "object", required: ["prompt"], properties: JOB_REQUEST },
  TaskAccepted: record({ task_id: uuid }),
  Tasks: list(ref("Task")),
  Task: record({
    id: uuid,
    prompt: text,
    required_agent_kind: orNull({ enum: [...AGENT_KINDS] }),
    status: { enum: [...TASK_STATUSES] },
    claimed_by: orNull(henId),
    created_at: instant,
    updated_at: instant,
    lease_id: orNull(text),
    waiting_for: orNull(text),
  }),
  TaskRequest: {
    type: "object",
    required: ["prompt"],
    properties: { prompt: text, required_agent_kind: orNull({ enum: [...AGENT_KINDS] }), lease_id: orNull(text) },
  },
  LeaseRequest: {
    type: "object",
    required: ["renter", "lease_id"],
    properties: { renter: text, lease_id: text, expires_at: orNull(instant) },
  },
  VaultStatus: record({
    unlocked: { type: "boolean" },
    path: orNull(text),
    file: orNull(record({ device: text, inode: text })),
    secrets: whole,
  }),
  VaultSecrets: record({ names: list(text), secrets: list(record({ name: text, hosts: list(text) })) }),
  VaultUnlock: record({ path: text, passphrase: text }),
  VaultRotate: record({ passphrase: text, new_passphrase: text }),
  VaultPut: {
    type: "object",
    required: ["name", "value"],
    properties: { name: text, value: text, hosts: list(text) },
  },
  VaultHosts: record({ hosts: list(text) }),
  DelegateRequest: { type: "object", required: ["to", "prompt"], properties: { to: henId, ...JOB_REQUEST } },
};

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  description: "1 to 255 visible ASCII characters; the same request with the same key is done once within a day",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

const IF_MATCH = {
  name: "If-Match",
  in: "header",
  required: true,
  description: "the ETag of what the change was made of",
  schema: { type: "string", pattern: '^"[0-9]+"$' },
};

let built: Schema | undefined;

/** The API as OpenAPI 3.1, made from the table of operations; `GET /api/v1/openapi.json` and docs/openapi.json. */
export function openApiDocument(): Schema {
  built ??= buildDocument();
  return built;
}

function buildDocument(): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] ??= {};
    (paths[operation.path] as Record<string, Schema>)[operation.method] = toOperation(operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Coop",
      version: VERSION,
      description:
        "The API of coopd. Hen ids contain a slash: send it as %2F. Every refusal is an Error with a stable code.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:9700" }],
    security: [{}, { token: [] }],
    paths,
    components: {
      schemas: { ...SCHEMAS, Manifest: manifestJsonSchema() },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

function toOperation(operation: Operation): Schema {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: "path",
    required: true,
    schema: text,
  }));
  const inQuery = Object.entries(operation.query ?? {}).map(([name, description]) => ({
    name,
    in: "query",
    description,
    schema: text,
  }));
  const inHeader = [
    ...(operation.isOnce === true ? [IDEMPOTENCY_KEY] : []),
    ...(operation.isConditional === true ? [IF_MATCH] : []),
    ...(operation.mayBeConditional === true ? [{ ...IF_MATCH, required: false }] : []),
  ];
  const parameters = [...inPath, ...inQuery, ...inHeader];
  return {
    summary: operation.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(operation.body === undefined ? {} : { requestBody: { required: true, content: operation.body } }),
    responses: {
      [operation.status]: {
        description: operation.answers,
        ...(operation.schema === undefined
          ? {}
          : { content: { "application/json": { schema: ref(operation.schema) } } }),
      },
      default: { description: "refused", content: { "application/json": { schema: ref("Error") } } },
    },
  };
}
