import type { NumberedEvent } from "../../data/farm-state.ts";
import { stateWord } from "../../kit/state-badge.tsx";

/** The hen that an event is about, if it is about one. */
export function henOf(event: NumberedEvent): string | undefined {
  if ("hen_id" in event && typeof event.hen_id === "string") return event.hen_id;
  if (event.type === "delegated") return event.from;
  return "id" in event && typeof event.id === "string" ? event.id : undefined;
}

/** The job that an event is about, if it is about one. */
export function jobOf(event: NumberedEvent): string | undefined {
  return "job_id" in event && typeof event.job_id === "string" ? event.job_id : undefined;
}

/** What happened, in a line. Events of types that this page does not know are named. */
export function describe(event: NumberedEvent): string {
  switch (event.type) {
    case "hen_created":
      return "was created";
    case "hen_state_changed":
      return `${stateWord(event.from)} → ${stateWord(event.to)}`;
    case "hen_manifest_changed":
      return `manifest is now revision ${event.revision}`;
    case "hen_deleted":
      return "was deleted";
    case "job_submitted":
      return `job ${event.job_id.slice(-6)} was asked for`;
    case "job_status_changed":
      return `job ${event.job_id.slice(-6)} is ${stateWord(event.status)}`;
    case "memory_recorded":
      return "remembers one thing more";
    case "memory_forgotten":
      return `forgot ${event.count} things`;
    case "task_submitted":
      return `task ${event.task_id.slice(-6)} was left`;
    case "task_status_changed":
      return `task ${event.task_id.slice(-6)} is ${stateWord(event.status)}`;
    case "delegated":
      return `handed job ${event.job_id.slice(-6)} to ${event.to}`;
    case "egress_denied":
    case "egress_allowed":
      return `${event.type === "egress_denied" ? "was kept from" : "reached"} ${event.host}:${event.port}${times(event.count)}`;
    default:
      return (event as { readonly type: string }).type;
  }
}

function times(count: number): string {
  return count > 1 ? ` (${count} times)` : "";
}

/** Tone and shape of an event's mark. */
export function markOf(event: NumberedEvent): readonly [tone: string, shape: string] {
  if (event.type === "egress_denied") return ["bad", "⊘"];
  if (event.type === "job_status_changed" || event.type === "task_status_changed") {
    if (event.status === "FAILED") return ["bad", "✕"];
    if (event.status === "DONE") return ["good", "✓"];
    if (event.status === "RUNNING" || event.status === "DISPATCHED") return ["busy", "▶"];
    return ["away", "·"];
  }
  if (event.type === "hen_created") return ["good", "+"];
  if (event.type === "hen_deleted") return ["away", "−"];
  return ["away", "·"];
}
