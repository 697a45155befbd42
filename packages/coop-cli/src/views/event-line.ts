import { type Paint, paintState } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { toClockText } from "../output/time-text.ts";
import { toProgressText } from "./progress-text.ts";

type Event = { readonly type: string; readonly [field: string]: unknown };

/** One event of `coop watch` for a person: `10:00:02  hen_state_changed     local.coop/demo  IDLE → WORKING`. */
export function renderEventLine(event: Event, paint: Paint): string {
  const at = typeof event.at === "string" ? toClockText(event.at).slice(11) : "        ";
  const type = toPlainLine(event.type).padEnd(TYPE_COLUMNS);
  const words = (WORDS[event.type] ?? allFields)(event, paint);
  return `${paint.dim(at)}  ${paint.bold(type)}  ${words}`.trimEnd();
}

/** As wide as the longest type, `hen_manifest_changed`. */
const TYPE_COLUMNS = 20;

const WORDS: Readonly<Record<string, (event: Event, paint: Paint) => string>> = {
  hen_created: ({ id }) => text(id),
  hen_manifest_changed: ({ id, revision }) => `${text(id)}  revision ${text(revision)}`,
  hen_deleted: ({ id }) => text(id),
  hen_state_changed: ({ id, from, to }, paint) => `${text(id)}  ${state(from, paint)} → ${state(to, paint)}`,
  job_submitted: ({ job_id, hen_id }, paint) => `${text(hen_id)}  ${paint.dim(text(job_id))}`,
  job_status_changed: ({ job_id, hen_id, status }, paint) =>
    `${text(hen_id ?? "")}  ${state(status, paint)}  ${paint.dim(text(job_id))}`.trimStart(),
  job_progress: ({ job_id, hen_id, turn, tool, tokens }, paint) => {
    const effort = {
      turn: Number(turn),
      tool: typeof tool === "string" ? toPlainLine(tool) : null,
      tokens: Number(tokens),
    };
    return `${text(hen_id)}  ${toProgressText(effort)}  ${paint.dim(text(job_id))}`;
  },
  memory_recorded: ({ hen_id }) => text(hen_id),
  memory_forgotten: ({ hen_id, count }) => `${text(hen_id)}  ${text(count)} episodes`,
  task_submitted: ({ task_id }, paint) => paint.dim(text(task_id)),
  task_status_changed: ({ task_id, hen_id, status }, paint) =>
    `${hen_id === null ? "" : `${text(hen_id)}  `}${state(status, paint)}  ${paint.dim(text(task_id))}`,
  terminal_changed: ({ hen_id, is_live }) => `${text(hen_id)}  ${is_live === true ? "is live" : "ended"}`,
  attention_changed: ({ count }) => (count === 0 ? "nothing needs you" : `${text(count)} need you: coop attention`),
  farm_changed: ({ stopped }, paint) => (stopped === true ? paint.yellow("the farm is stopped") : "the farm goes on"),
  vault_changed: ({ unlocked, secrets }) => (unlocked === true ? `open, with ${text(secrets)} secrets` : "locked"),
  delegated: ({ from, to, job_id }, paint) => `${text(from)} → ${text(to)}  ${paint.dim(text(job_id))}`,
  egress_allowed: (event, paint) => `${toEgressText(event, paint)}  ${paint.dim(text(event.rule))}`,
  egress_denied: (event, paint) => {
    const next = typeof event.next === "string" ? `  ${paint.dim(`allow it: ${text(event.next)}`)}` : "";
    return `${toEgressText(event, paint)}  ${paint.yellow(text(event.code))}: ${text(event.reason)}${next}`;
  },
  gap: ({ from, to, reason }, paint) =>
    paint.yellow(`events ${text(from)} to ${text(to)} are missing (${text(reason)})`),
  shutting_down: (_, paint) => paint.yellow("the daemon is shutting down"),
};

/** `local.coop/aria  api.example.org:443 3 times`; where only a name was asked for there is no port. */
function toEgressText({ hen_id, host, port, count }: Event, paint: Paint): string {
  const target = port === 0 ? text(host) : `${text(host)}:${text(port)}`;
  const times = typeof count === "number" && count > 1 ? ` ${count} times` : "";
  return `${text(hen_id)}  ${paint.bold(target)}${times}`;
}

/** An event that this version does not know is shown as it is. */
function allFields(event: Event): string {
  const rest = Object.entries(event).filter(([name]) => name !== "type" && name !== "at" && name !== "seq");
  return rest.map(([name, value]) => `${toPlainLine(name)}=${text(value)}`).join(" ");
}

function text(value: unknown): string {
  return toPlainLine(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
}

function state(value: unknown, paint: Paint): string {
  return paintState(paint, String(value), text(value));
}
