/** A string that has passed its own parser; a plain string does not fit where one is asked for. */
export type Brand<Name extends string> = string & { readonly __brand: Name };

/** A UUIDv7; list order of jobs is the order of these. */
export type JobId = Brand<"JobId">;
/** A UUIDv7. */
export type TaskId = Brand<"TaskId">;
/** A UUIDv7. */
export type EpisodeId = Brand<"EpisodeId">;

/**
 * RFC 3339 in UTC with `Z`, millisecond precision, without zeros at the end of the fraction; so two of them are not in order as texts
 * ("…55.8Z" and "…55.812Z"), and are compared by {@link fromInstant}.
 */
export type Instant = Brand<"Instant">;

/** Milliseconds since 1970 to the wire's form (contract/http-api.md §1, Timestamps). */
export function toInstant(epochMs: number): Instant {
  const text = new Date(epochMs).toISOString();
  if (text.at(-2) !== "0") return text as Instant; // nine of ten have no zero to leave out
  const [seconds = text, fraction = ""] = text.slice(0, -1).split(".");
  const kept = fraction.replace(/0+$/, "");
  return (kept === "" ? `${seconds}Z` : `${seconds}.${kept}Z`) as Instant;
}

/** The inverse of {@link toInstant}: milliseconds since 1970. */
export function fromInstant(instant: Instant): number {
  return Date.parse(instant);
}
