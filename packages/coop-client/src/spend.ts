import type { FarmLimits, UsageGroup, UsageReport } from "coopd-core";
import { readObject } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";

/** What to sum up; days as `2026-11-26`, in UTC, both included. */
export interface UsageOptions extends CallOptions {
  /** By day where it is not given. */
  readonly by?: UsageGroup | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly henId?: string | undefined;
}

/** `/usage` and `/farm/limits`. */
export interface SpendCalls {
  /** What the farm's model calls have used and cost. @throws CoopError `hen_not_found`, `bad_query` */
  usage(options?: UsageOptions): Promise<UsageReport>;
  /** The farm's ceilings. */
  limits(options?: CallOptions): Promise<FarmLimits>;
  /** Sets those that are given; null takes one away. @returns all of them as they are then @throws CoopError `bad_shape` */
  setLimits(limits: Partial<FarmLimits>, options?: CallOptions): Promise<FarmLimits>;
}

/** The calls over one transport. */
export function spendCalls(transport: Transport): SpendCalls {
  return {
    async usage({ by, since, until, henId, signal } = {}) {
      const query = { by, since, until, hen_id: henId };
      const answer = await transport.send("GET /usage", { query, signal });
      return readObject<UsageReport>(transport, answer, { rows: "object", total: "object" });
    },
    async limits(options = {}) {
      return readObject<FarmLimits>(transport, await transport.send("GET /farm/limits", options), {});
    },
    async setLimits(json, options = {}) {
      const answer = await transport.send("PUT /farm/limits", { ...options, json });
      return readObject<FarmLimits>(transport, answer, {});
    },
  };
}
