import type { EgressDenial } from "coopd-core";

/** What is wrong with what a hen sent, in words that follow "the request". */
export interface Fault {
  readonly kind: "fault";
  readonly code: EgressDenial;
  readonly reason: string;
}

/** The bytes are the beginning of something; more must come. */
export interface More {
  readonly kind: "more";
}

/** See {@link More}. */
export const MORE: More = { kind: "more" };

/** A fault of the form of a request, unless it is said to be another. */
export function fault(reason: string, code: EgressDenial = "request_invalid"): Fault {
  return { kind: "fault", code, reason };
}
