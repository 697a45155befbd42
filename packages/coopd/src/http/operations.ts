/** One row a route; a test holds it against the routes that are really served. */
export interface Operation {
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Takes an `Idempotency-Key`. */
  readonly isOnce?: true;
  readonly body?: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>>;
  readonly status: number;
  readonly answers: string;
  /** Name of the answer's JSON schema; none for an empty or non-JSON answer. */
  readonly schema?: string;
}

const JSON_JOB = { "application/json": { schema: { $ref: "#/components/schemas/JobRequest" } } };
const MANIFEST = {
  "application/yaml": { schema: { type: "string", description: "agent.yaml; see `coop schema`" } },
  "multipart/form-data": {
    schema: {
      type: "object",
      required: ["manifest"],
      properties: {
        manifest: { type: "string" },
        attachment: { type: "array", items: { type: "string" }, description: "files that the manifest names" },
      },
    },
  },
};

/** Every route of the API, in the order of the document. */
export const OPERATIONS: readonly Operation[] = [
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
  { method: "get", path: "/api/v1/openapi.json", summary: "This document", status: 200, answers: "OpenAPI 3.1" },
  {
    method: "get",
    path: "/api/v1/watch",
    summary: "Events as they are committed, over a WebSocket, one JSON object a frame",
    query: { since: "replay every event behind this seq first" },
    status: 101,
    answers: "switching protocols",
  },
  {
    method: "get",
    path: "/api/v1/hens",
    summary: "Every hen, by id",
    query: { state: "only hens in this state", limit: "1 to 1000", after: "behind this hen id" },
    status: 200,
    answers: "hens",
    schema: "Hens",
  },
  {
    method: "post",
    path: "/api/v1/hens",
    summary: "Create a hen from its manifest",
    isOnce: true,
    body: MANIFEST,
    status: 201,
    answers: "the hen's id as a JSON string",
    schema: "HenId",
  },
  { method: "get", path: "/api/v1/hens/{id}", summary: "One hen", status: 200, answers: "the hen", schema: "Hen" },
  {
    method: "delete",
    path: "/api/v1/hens/{id}",
    summary: "Delete a hen with its jobs, memory and workdir",
    query: { force: "true cancels what runs first" },
    status: 204,
    answers: "gone",
  },
  {
    method: "post",
    path: "/api/v1/hens/{id}/archive",
    summary: "Make it read-only for good",
    query: { force: "true cancels its jobs first" },
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
  {
    method: "post",
    path: "/api/v1/hens/{id}/hatch",
    summary: "Bring it to life",
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
  {
    method: "post",
    path: "/api/v1/hens/{id}/sleep",
    summary: "Put it to sleep",
    query: { force: "true cancels what runs first" },
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
  { method: "post", path: "/api/v1/hens/{id}/wake", summary: "Wake it", status: 200, answers: "ok", schema: "Ok" },
  {
    method: "post",
    path: "/api/v1/hens/{id}/jobs",
    summary: "Queue a job",
    isOnce: true,
    body: JSON_JOB,
    status: 202,
    answers: "accepted: it is durable",
    schema: "JobAccepted",
  },
  {
    method: "post",
    path: "/api/v1/hens/{id}/delegate",
    summary: "Hand a prompt to another hen in this one's name, and wait for the end of that job",
    body: { "application/json": { schema: { $ref: "#/components/schemas/DelegateRequest" } } },
    status: 200,
    answers: "how the job ended, also when it failed",
    schema: "Delegated",
  },
  {
    method: "post",
    path: "/api/v1/hens/{id}/lease",
    summary: "Let a hen to another: from now on it runs only jobs of this lease",
    body: { "application/json": { schema: { $ref: "#/components/schemas/LeaseRequest" } } },
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
  {
    method: "post",
    path: "/api/v1/hens/{id}/release",
    summary: "End its lease; what was queued under it is cancelled",
    query: { force: "true cancels what runs first" },
    status: 200,
    answers: "ok",
    schema: "Ok",
  },
  {
    method: "get",
    path: "/api/v1/hens/{id}/usage",
    summary: "What its ended jobs have used",
    status: 200,
    answers: "sums",
    schema: "HenUsage",
  },
  {
    method: "get",
    path: "/api/v1/hens/{id}/manifest",
    summary: "Its agent.yaml as given",
    status: 200,
    answers: "YAML text",
  },
  {
    method: "get",
    path: "/api/v1/hens/{id}/memory",
    summary: "Its episodes, oldest first",
    query: { limit: "only this many, the newest" },
    status: 200,
    answers: "episodes",
    schema: "Episodes",
  },
  {
    method: "delete",
    path: "/api/v1/hens/{id}/memory",
    summary: "Forget its episodes",
    status: 200,
    answers: "how many",
    schema: "Forgotten",
  },
  {
    method: "get",
    path: "/api/v1/jobs",
    summary: "Jobs in the order of creation; whole and streamed without `limit`",
    query: {
      hen_id: "of this hen",
      status: "of these statuses, with commas",
      since: "created then or later, RFC 3339 with a zone",
      until: "created before then",
      q: "with this in prompt or result, in capitals or not; it looks at every job of the other filters",
      order: "asc, which holds when it is not given, or desc: the newest first",
      limit: "1 to 1000; a page that is not full is the last",
      after: "behind this job id in the order of the list",
    },
    status: 200,
    answers: "jobs",
    schema: "Jobs",
  },
  { method: "get", path: "/api/v1/jobs/{id}", summary: "One job", status: 200, answers: "the job", schema: "Job" },
  {
    method: "post",
    path: "/api/v1/jobs/{id}/cancel",
    summary: "Cancel a job that waits or runs; answers when its processes are dead",
    status: 200,
    answers: "the job as it ended",
    schema: "Job",
  },
  {
    method: "get",
    path: "/api/v1/jobs/{id}/journal",
    summary: "What the job did, entry by entry",
    query: { limit: "1 to 1000", after: "behind this seq" },
    status: 200,
    answers: "entries",
    schema: "Journal",
  },
];
