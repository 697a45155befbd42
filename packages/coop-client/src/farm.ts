import type { FarmSummary, SpendView, StoreReport } from "coopd-core";
import { readObject } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";

/** `GET /farm` as any coopd answers it: the original gives the first three fields, ours all of them. */
export type FarmAnswer = Pick<FarmSummary, "coop_id" | "coopd_version" | "hen_count"> &
  Partial<FarmSummary> & {
    /** True while the farm begins no job, whatever is queued. */
    readonly stopped?: boolean;
    /** What its model calls have used since midnight, UTC. */
    readonly today?: SpendView;
  };

/** What a stop did. */
export interface StoppedFarm {
  /** Jobs that ran and were cancelled. */
  readonly cancelled: number;
  readonly stopped: boolean;
}

/** What the probes answer. */
export interface Ok {
  readonly ok: boolean;
}

/** What the daemon's host enforces, as measured when it was asked. */
export interface DoctorAnswer {
  /** True when nothing that confinement is made of is missing. */
  readonly ok: boolean;
  readonly rows: readonly {
    readonly id: string;
    readonly title: string;
    readonly holds: boolean;
    /** What was seen, or what is missing. */
    readonly detail: string;
  }[];
}

/** Where the farm can be opened. */
export interface LocationAnswer {
  readonly hostname: string;
  readonly bound_addr: string;
  readonly loopback_only: boolean;
  readonly urls: readonly { readonly label: string; readonly url: string; readonly scope: "local" | "lan" }[];
}

/** What a client asks of the farm as a whole. */
export interface FarmCalls {
  farm(options?: CallOptions): Promise<FarmAnswer>;
  /** Begins no job from now on, over restarts too, and cancels those that run; what is queued waits. */
  stopFarm(options?: CallOptions): Promise<StoppedFarm>;
  /** Begins jobs again; on a farm that is not stopped it does nothing. */
  resumeFarm(options?: CallOptions): Promise<{ readonly stopped: boolean }>;
  /** The process answers. */
  health(options?: CallOptions): Promise<Ok>;
  /** The store answers too and jobs are being claimed. */
  ready(options?: CallOptions): Promise<Ok>;
  /** Measures the store and looks for faults in it; takes up to some seconds. */
  storeReport(options?: CallOptions): Promise<StoreReport>;
  /**
   * A backup as a tar archive, piece by piece. One that breaks off lacks its manifest, so whoever keeps it verifies it.
   * @throws CoopError `limit_reached` while another is made, `disk_full`
   */
  backup(options?: CallOptions & { readonly withWorkdirs?: boolean }): Promise<AsyncIterable<Uint8Array>>;
  /** Where the farm can be opened, as its host is named just now. */
  location(options?: CallOptions): Promise<LocationAnswer>;
  /** Measures the daemon's host; takes up to some seconds. */
  doctor(options?: CallOptions): Promise<DoctorAnswer>;
}

/** The calls over one transport. */
export function farmCalls(transport: Transport): FarmCalls {
  const ok = async (route: "GET /healthz" | "GET /readyz", options: CallOptions = {}) =>
    readObject<Ok>(transport, await transport.send(route, options), { ok: "boolean" });
  return {
    async farm(options = {}) {
      const answer = await transport.send("GET /farm", options);
      return readObject<FarmAnswer>(transport, answer, { coop_id: "string", hen_count: "number" });
    },
    async stopFarm(options = {}) {
      const answer = await transport.send("POST /farm/stop", options);
      return readObject<StoppedFarm>(transport, answer, { cancelled: "number", stopped: "boolean" });
    },
    async resumeFarm(options = {}) {
      const answer = await transport.send("POST /farm/resume", options);
      return readObject<{ stopped: boolean }>(transport, answer, { stopped: "boolean" });
    },
    async storeReport(options = {}) {
      const answer = await transport.send("GET /doctor/store", options);
      return readObject<StoreReport>(transport, answer, { ok: "boolean", problems: "object", rows: "object" });
    },
    backup: ({ withWorkdirs = true, signal } = {}) =>
      transport.open("POST /backup", "application/x-tar", {
        query: { no_workdirs: withWorkdirs ? undefined : true },
        signal,
      }),
    health: (options) => ok("GET /healthz", options),
    ready: (options) => ok("GET /readyz", options),
    async location(options = {}) {
      const answer = await transport.send("GET /farm/location", options);
      return readObject<LocationAnswer>(transport, answer, { bound_addr: "string", urls: "object" });
    },
    async doctor(options = {}) {
      return readObject<DoctorAnswer>(transport, await transport.send("GET /doctor", options), { ok: "boolean" });
    },
  };
}
