import type { FarmEvent, HenId, WatchNotice } from "coopd-core";

/** What a watcher asked for; undefined: everything. */
export interface EventFilter {
  readonly types: ReadonlySet<string> | undefined;
  readonly hen: HenId | undefined;
}

/** A gap and the farewell are for everybody: whoever misses them does not know where it stands. */
const ALWAYS: readonly string[] = ["gap", "shutting_down"];

/** Whether a watcher with this filter is told. */
export function passes(filter: EventFilter, event: FarmEvent | WatchNotice): boolean {
  if (ALWAYS.includes(event.type)) return true;
  if (filter.types !== undefined && !filter.types.has(event.type)) return false;
  return filter.hen === undefined || isAbout(event, filter.hen);
}

function isAbout(event: FarmEvent | WatchNotice, hen: HenId): boolean {
  if (event.type === "delegated") return event.from === hen || event.to === hen;
  if ("hen_id" in event) return event.hen_id === hen;
  return "id" in event && event.id === hen;
}
