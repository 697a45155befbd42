import { signal } from "@preact/signals";
import type { DoctorAnswer, FarmAnswer, HenAnswer, VaultAnswer, WatchItem } from "coop-client";
import type { AttentionItem, Job, JobProgress } from "coopd-core";

/** Whether what is shown is what is. `lost`: it was, and the page tries again by itself. */
export type LinkState = "opening" | "live" | "lost";

/** An event with a number, as the farm keeps it. */
export type NumberedEvent = Extract<WatchItem, { readonly seq: number }>;

/** Whether it is one; everything else is said of the connection, or of what runs just now. */
export function isNumbered(item: WatchItem): item is NumberedEvent {
  return "seq" in item && typeof item.seq === "number";
}

/** What a running job does, and since when this page has seen it do that, ms since 1970. */
export type JobStep = JobProgress & { readonly since: number };

/** Every hen by id. A change makes a new map; the hens that did not change stay the same objects. */
export const hens = signal<ReadonlyMap<string, HenAnswer>>(new Map());
/** Jobs that wait or run, and the newest of those that ended, by id. */
export const jobs = signal<ReadonlyMap<string, Job>>(new Map());
/** How far running jobs are, by job id. */
export const progress = signal<ReadonlyMap<string, JobStep>>(new Map());
/** What needs a person, the newest first. */
export const attention = signal<readonly AttentionItem[]>([]);
/** The farm as a whole; undefined before the first answer. */
export const farm = signal<FarmAnswer | undefined>(undefined);
/** The vault; undefined before the first answer. */
export const vault = signal<VaultAnswer | undefined>(undefined);
/** What the host enforces; undefined until it was measured. */
export const doctor = signal<DoctorAnswer | undefined>(undefined);
/** Of the page to the farm. */
export const link = signal<LinkState>("opening");
/** Why it is lost, for a person. */
export const linkReason = signal<string | undefined>(undefined);
/** True once the first snapshot is there: until then an empty list means nothing. */
export const isLoaded = signal(false);
/** The newest events, the oldest first, at most {@link EVENTS_KEPT}. */
export const events = signal<readonly NumberedEvent[]>([]);

/** Events that the page keeps, for lists of what just happened; older ones are in the farm. */
export const EVENTS_KEPT = 500;
