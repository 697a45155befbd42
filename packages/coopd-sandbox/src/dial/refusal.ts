import { CoopError, type EgressDenial } from "coopd-core";

/** What a refusal carries in `details` of its CoopError, and in the body of a 403. */
export interface EgressRefusal {
  readonly code: EgressDenial;
  /** The rule that names the host where there is one. */
  readonly rule: string | null;
  readonly reason: string;
  /** HOST:PORT of the smallest change that would allow it; null where nothing would. */
  readonly allow: string | null;
}

/** The refusal as an error: `unreachable` for what policy allowed and nobody answered, `policy_denied` for all else. */
export function refuseEgress(refusal: EgressRefusal, cause?: unknown): CoopError {
  const isAllowed = refusal.code === "unreachable" || refusal.code === "name_unresolved";
  const { code, rule, reason, allow } = refusal;
  return new CoopError(isAllowed ? "unreachable" : "policy_denied", reason, {
    details: { code, rule, reason, allow },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The refusal that an error carries; undefined for any other error. */
export function refusalOf(error: unknown): EgressRefusal | undefined {
  if (!(error instanceof CoopError) || (error.code !== "policy_denied" && error.code !== "unreachable"))
    return undefined;
  return error.details as EgressRefusal | undefined;
}
