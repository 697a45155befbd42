import { USAGE_GROUPS } from "coopd-core";
import type { Operation } from "./operation.ts";
import { day, ofHen, oneOf } from "./query-parameters.ts";

/** What models are paid, what may be paid at most, and whether one answers. */
export const SPEND_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/usage",
    summary: "What the farm's model calls have used and cost, by day, hen or model; days are in UTC",
    query: {
      by: oneOf(USAGE_GROUPS, "day, which holds when it is not given, hen or model"),
      since: day("the first day, as 2026-11-26; 30 days up to until when it is not given"),
      until: day("the last day; today when it is not given"),
      hen_id: ofHen("of this hen only"),
    },
    status: 200,
    answers: "sums",
    schema: "Usage",
  },
  {
    method: "get",
    path: "/api/v1/farm/limits",
    summary: "The farm's ceilings on tokens and cost",
    status: 200,
    answers: "ceilings; null where there is none",
    schema: "FarmLimits",
  },
  {
    method: "put",
    path: "/api/v1/farm/limits",
    summary: "Set ceilings; null takes one away, what is left out stays",
    body: { "application/json": { schema: { $ref: "#/components/schemas/FarmLimitsRequest" } } },
    status: 200,
    answers: "all ceilings as they are then",
    schema: "FarmLimits",
  },
  {
    method: "post",
    path: "/api/v1/hens/{id}/brain/test",
    scope: "operate",
    summary: "Ask the hen's brain for one word, as a job would ask it",
    status: 200,
    answers: "who answered, how fast, and what it cost",
    schema: "BrainTest",
  },
];
