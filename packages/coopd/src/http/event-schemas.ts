import { EGRESS_DENIALS, HEN_STATES, JOB_STATUSES, TASK_STATUSES } from "coopd-core";
import { flag, henId, instant, orNull, record, type Schema, text, uuid, whole } from "./schema-shapes.ts";

const state: Schema = { enum: [...HEN_STATES] };
const jobStatus: Schema = { enum: [...JOB_STATUSES] };

/** How a hen may ask to get out. */
export const VIA: Schema = { enum: ["connect", "http", "socks", "tls", "tcp", "dns", "http_tool"] };
/** Why it was not let. */
export const DENIAL: Schema = { enum: [...EGRESS_DENIALS] };

/** A row, with its place in the farm's history. */
const event = (type: string, fields: Readonly<Record<string, Schema>>) =>
  record({ type: { const: type }, ...fields, seq: whole, at: instant });

const EGRESS = {
  hen_id: henId,
  host: text,
  port: whole,
  via: VIA,
  code: orNull(DENIAL),
  rule: orNull(text),
  reason: orNull(text),
  count: whole,
  job_id: orNull(uuid),
  next: orNull(text),
};

const EVENTS: readonly Schema[] = [
  event("hen_created", { id: henId }),
  event("hen_state_changed", { id: henId, from: state, to: state }),
  event("hen_manifest_changed", { id: henId, revision: whole }),
  event("hen_deleted", { id: henId }),
  event("job_submitted", { job_id: uuid, hen_id: henId }),
  event("job_status_changed", { job_id: uuid, status: jobStatus, hen_id: henId }),
  event("memory_recorded", { hen_id: henId, entry_id: uuid }),
  event("memory_forgotten", { hen_id: henId, count: whole }),
  event("task_submitted", { task_id: uuid }),
  event("task_status_changed", { task_id: uuid, status: { enum: [...TASK_STATUSES] }, hen_id: orNull(henId) }),
  event("delegated", { from: henId, to: henId, job_id: uuid }),
  record({ type: { enum: ["egress_denied", "egress_allowed"] }, ...EGRESS, seq: whole, at: instant }),
];

/** What is no row, and so has no `seq`. */
const NOTICES: readonly Schema[] = [
  record({ type: { const: "gap" }, from: whole, to: whole, reason: { enum: ["slow", "pruned", "reset"] } }),
  record({
    type: { const: "job_progress" },
    job_id: uuid,
    hen_id: henId,
    turn: whole,
    tool: orNull(text),
    tokens: whole,
  }),
  record({ type: { const: "attention_changed" }, count: whole }),
  record({ type: { const: "terminal_changed" }, hen_id: henId, is_live: flag }),
  record({ type: { const: "farm_changed" }, stopped: flag }),
  record({ type: { const: "vault_changed" }, unlocked: flag, secrets: whole }),
  record({ type: { const: "shutting_down" } }),
];

const said = (type: string) => record({ type: { const: type }, turn: whole, delta: text });

/** What is sent piece by piece: one JSON object a WebSocket frame, or as the data of a Server-Sent Event. */
export const EVENT_SCHEMAS: Readonly<Record<string, Schema>> = {
  WatchEvent: { anyOf: [...EVENTS, ...NOTICES] },
  LiveEvent: {
    anyOf: [
      record({ type: { const: "turn" }, turn: whole }),
      said("text"),
      said("thinking"),
      record({ type: { const: "restart" }, turn: whole }),
      record({ type: { const: "gap" }, reason: { enum: ["slow", "rerun"] } }),
      record({ type: { const: "end" }, status: orNull(jobStatus) }),
    ],
  },
};
