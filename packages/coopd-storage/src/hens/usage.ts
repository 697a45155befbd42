import { type HenId, type HenUsage, type JobUsage, NO_HEN_USAGE } from "coopd-core";
import type { Scope, WriteScope } from "../rows/scope.ts";

/** The end of one job, as far as counting goes. */
export interface CountedEnd {
  readonly status: "DONE" | "FAILED" | "CANCELLED";
  readonly turns: number;
  readonly usage: JobUsage;
}

/** Adds a job to what its hen has used, in the transaction that ends the job: the sums are never ahead or behind. */
export function countEnd(scope: WriteScope, henId: HenId, { status, turns, usage }: CountedEnd): void {
  scope.sql.run(
    `INSERT INTO hen_usage (hen_id, done, failed, cancelled, turns, input_tokens, output_tokens, cache_tokens,
       cache_write_tokens)
     VALUES ($henId, $done, $failed, $cancelled, $turns, $input, $output, $cache, $cacheWrite)
     ON CONFLICT (hen_id) DO UPDATE SET done = done + excluded.done, failed = failed + excluded.failed,
       cancelled = cancelled + excluded.cancelled, turns = turns + excluded.turns,
       input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
       cache_tokens = cache_tokens + excluded.cache_tokens,
       cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens`,
    {
      henId,
      done: status === "DONE" ? 1 : 0,
      failed: status === "FAILED" ? 1 : 0,
      cancelled: status === "CANCELLED" ? 1 : 0,
      turns,
      input: usage.input_tokens,
      output: usage.output_tokens,
      cache: usage.cache_tokens,
      cacheWrite: usage.cache_write_tokens,
    },
  );
}

/** What the hen's ended jobs have used; undefined when there is no such hen. */
export function henUsage(scope: Scope, id: HenId): HenUsage | undefined {
  const row = scope.sql.get<Omit<HenUsage, "jobs"> & HenUsage["jobs"] & { id: HenId; turns: number | null }>(
    `SELECT hens.id, done, failed, cancelled, turns, input_tokens, output_tokens, cache_tokens,
       cache_write_tokens
     FROM hens LEFT JOIN hen_usage ON hen_id = hens.id WHERE hens.id = $id AND state <> 'DAMAGED'`,
    { id },
  );
  if (row === undefined) return undefined;
  if (row.turns === null) return NO_HEN_USAGE;
  const { done, failed, cancelled, turns, input_tokens, output_tokens, cache_tokens, cache_write_tokens } = row;
  const tokens = { input_tokens, output_tokens, cache_tokens, cache_write_tokens };
  return { jobs: { done, failed, cancelled }, turns, ...tokens };
}
