import type { Operation } from "./operation.ts";

/** The farm as a whole: health, numbers, care, events. */
export const FARM_OPERATIONS: readonly Operation[] = [
  { method: "get", path: "/api/v1/healthz", summary: "The process answers", status: 200, answers: "ok", schema: "Ok" },
  { method: "get", path: "/api/v1/readyz", summary: "The store answers too", status: 200, answers: "ok", schema: "Ok" },
  {
    method: "get",
    path: "/api/v1/farm",
    summary: "The farm in numbers",
    status: 200,
    answers: "summary",
    schema: "Farm",
  },
  {
    method: "post",
    path: "/api/v1/farm/stop",
    summary: "Claim nothing more, over restarts too, and cancel what runs",
    status: 200,
    answers: "how many jobs were cancelled",
    schema: "Stopped",
  },
  {
    method: "post",
    path: "/api/v1/farm/resume",
    summary: "Claim jobs again",
    status: 200,
    answers: "the farm runs",
    schema: "Resumed",
  },
  {
    method: "get",
    path: "/api/v1/doctor",
    summary: "What this host enforces, measured now",
    status: 200,
    answers: "rows",
    schema: "Doctor",
  },
  {
    method: "get",
    path: "/api/v1/doctor/store",
    summary: "Measure the store and look for faults in it",
    status: 200,
    answers: "sizes, rows and problems",
    schema: "StoreReport",
  },
  {
    method: "post",
    path: "/api/v1/backup",
    summary: "A backup of the store and the workdirs, of one moment, as a tar archive",
    query: { no_workdirs: "true leaves the workdirs out" },
    status: 200,
    answers: "application/x-tar; one without its manifest at the end was broken off",
  },
  { method: "get", path: "/api/v1/openapi.json", summary: "This document", status: 200, answers: "OpenAPI 3.1" },
  {
    method: "get",
    path: "/api/v1/watch",
    summary: "Events as they are committed, over a WebSocket, one JSON object a frame",
    query: { since: "replay every event behind this seq first" },
    status: 101,
    answers: "switching protocols",
  },
];
