import type { JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import { isKnownPrivate } from "./change-network.ts";
import type { EgressRecord } from "./egress.ts";

/** A record with the job in whose name it was made; null where the hen ran none, or several at once. */
export interface EgressOfJob extends EgressRecord {
  readonly job_id: JobId | null;
  /** The command line that would let it out; null of what was let out, and where no rule could. */
  readonly next: string | null;
}

/** One row of a hen's egress log, as kept and on the wire; `seq` counts up for each hen, and never repeats. */
export interface EgressEntry extends EgressOfJob {
  readonly seq: number;
}

/** What farmers and watchers are told of a hen's egress: one host, port and verdict at most once in a while, counted. */
export interface EgressFact
  extends Pick<EgressRecord, "hen_id" | "host" | "port" | "via" | "code" | "rule" | "reason" | "count">,
    Pick<EgressOfJob, "job_id" | "next"> {
  readonly type: "egress_denied" | "egress_allowed";
}

/** How long a row is kept, ms: 30 days, long enough to look into last month's incident. */
export const EGRESS_KEEP_MS = 30 * 86_400_000;

/** Rows kept of one hen, the newest: some 5 MB, and what a hen that tries a new host every four minutes leaves in 30 days. */
export const EGRESS_ROWS_MAX = 10_000;

/**
 * The command line that would let out what was denied, for the farmer, never for the hen; null where nothing would. A
 * private address is opened only by name, so that one is never let out by a slip.
 */
export function allowCommand(
  henId: HenId,
  { code, host, allow }: Pick<EgressRecord, "code" | "host" | "allow">,
): string | null {
  if (allow === null) return null;
  const isPrivate = code === "private_address" || isKnownPrivate(host);
  return `coop hen allow ${henId} ${allow}${isPrivate ? " --private" : ""}`;
}
