import { PAGE_MAX } from "coopd-core";
import { flag, henId, instant, type Schema, whole } from "../schema-shapes.ts";
import type { QueryParameter } from "./operation.ts";

const parameter =
  (schema: Schema) =>
  (description: string): QueryParameter => ({ description, schema });

/** Rows on a page. */
export const pageLimit = parameter({ type: "integer", minimum: 1, maximum: PAGE_MAX });
/** A count, or a seq. */
export const wholeNumber = parameter(whole);
/** `true`, `false`, or the name alone. */
export const yesNo = parameter(flag);
/** RFC 3339 with a zone. */
export const moment = parameter(instant);
/** A day, as 2026-11-26. */
export const day = parameter({ type: "string", format: "date" });
/** A hen's id. */
export const ofHen = parameter(henId);
/** One of a few words. */
export const oneOf = (words: readonly string[], description: string): QueryParameter => ({
  description,
  schema: { enum: [...words] },
});
/** Which end of the list comes first. */
export const order: QueryParameter = oneOf(
  ["asc", "desc"],
  "asc, which holds when it is not given, or desc: the newest first",
);
