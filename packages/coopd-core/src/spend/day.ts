import { fromInstant, type Instant } from "../ids/brand.ts";

const DAY_MS = 86_400_000;

/** The UTC day of a time, as the number of days since 1970. */
export function dayOfMs(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** `2026-11-26`. */
export function toDayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day that `2026-11-26` names; undefined for anything else, 30 February included. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  const day = Number.isNaN(ms) ? undefined : dayOfMs(ms);
  return day !== undefined && toDayText(day) === text ? day : undefined;
}

/** The UTC day of an instant. */
export function dayOf(at: Instant): number {
  return dayOfMs(fromInstant(at));
}
