import type { Operation } from "./operation.ts";
import { oneOf, order, pageLimit, wholeNumber } from "./query-parameters.ts";

/** `/hens/:id/egress` and `/hens/:id/network`. */
export const EGRESS_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/hens/{id}/egress",
    summary: "What its processes and tools asked of the network, oldest first; whole and streamed without `limit`",
    query: {
      verdict: oneOf(["allowed", "denied"], "allowed or denied"),
      job_id: "in the name of this job",
      order,
      limit: pageLimit("1 to 1000; a page that is not full is the last"),
      after: wholeNumber("behind this seq in the order of the list"),
    },
    status: 200,
    answers: "rows; kept for 30 days, the newest 10000",
    schema: "Egress",
  },
  {
    method: "put",
    path: "/api/v1/hens/{id}/network",
    summary: "Replace its network policy, in its manifest too; it holds at once, also for what is connected",
    mayBeConditional: true,
    body: { "application/json": { schema: { $ref: "#/components/schemas/Network" } } },
    status: 200,
    answers: "the new revision of its manifest, and the block with every default",
    schema: "NetworkChange",
  },
];
