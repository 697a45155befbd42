import { CoopError, fromInstant, type Instant } from "coopd-core";

/** An instant as the column's integer, milliseconds since 1970. @throws CoopError `bad_request` */
export function toMs(at: Instant): number {
  const ms = fromInstant(at);
  if (Number.isNaN(ms)) throw new CoopError("bad_request", `"${at}" is not an RFC 3339 instant`);
  return ms;
}
