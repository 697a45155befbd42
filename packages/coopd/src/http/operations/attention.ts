import type { Operation } from "./operation.ts";

/** `/attention`. */
export const ATTENTION_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/attention",
    summary: "What needs a person, the newest first, at most 200",
    status: 200,
    answers: "things, each with the actions that answer it",
    schema: "Attention",
  },
  {
    method: "post",
    path: "/api/v1/attention/{id}/dismiss",
    scope: "operate",
    summary: "Take a thing out of the list for good",
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
];
