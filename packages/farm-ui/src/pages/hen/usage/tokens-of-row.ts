import type { UsageRow } from "coopd-core";

/** All tokens of a sum, in and out. */
export function tokensOfRow(row: UsageRow): number {
  return row.input_tokens + row.output_tokens + row.cache_tokens + row.cache_write_tokens;
}
