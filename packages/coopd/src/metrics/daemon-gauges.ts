import type { SqliteStore } from "coopd-storage";
import { VERSION } from "../version.ts";
import type { Metrics } from "./metrics.ts";

/** What the figures are read from. */
export interface GaugeSources {
  readonly store: Pick<SqliteStore, "counts" | "stats">;
  readonly watchers: () => number;
  readonly startedMs: number;
}

/** The daemon's own figures: farm, store, watchers, process. */
export function addDaemonGauges(metrics: Metrics, { store, watchers, startedMs }: GaugeSources): void {
  const gauge = (
    name: string,
    help: string,
    read: () => number | Promise<number>,
    type: "gauge" | "counter" = "gauge",
  ) => metrics.gauge({ name, help, type, read });
  metrics.gauge({
    name: "coop_info",
    help: "The version, as a label.",
    type: "gauge",
    label: "version",
    read: async () => ({ [VERSION]: 1 }),
  });
  metrics.gauge({
    name: "coop_hens",
    help: "Hens, by state.",
    type: "gauge",
    label: "state",
    read: async () => (await store.counts()).hensByState as Readonly<Record<string, number>>,
  });
  gauge("coop_jobs_queued", "Jobs that wait.", async () => (await store.counts()).queued);
  gauge("coop_jobs_running", "Jobs that run.", async () => (await store.counts()).running);
  metrics.gauge({
    name: "coop_jobs_ended",
    help: "Jobs of the hens that are there, by how they ended; a hen that is deleted takes its own along.",
    type: "gauge",
    label: "status",
    read: async () => (await store.counts()).ended,
  });
  gauge("coop_events_total", "The newest event's seq.", async () => (await store.counts()).eventSeq, "counter");
  gauge("coop_watchers", "Clients of /watch.", watchers);
  gauge("coop_store_calls_waiting", "Calls of the store without an answer yet.", () => store.stats().waiting);
  gauge("coop_process_resident_bytes", "Resident memory.", () => process.memoryUsage.rss());
  gauge("coop_process_cpu_seconds_total", "Processor time.", cpuSecs, "counter");
  gauge("coop_process_start_seconds", "When the daemon started, Unix time.", () => Math.floor(startedMs / 1000));
}

function cpuSecs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}
