import type { Operation } from "./operation.ts";
import { moment, ofHen, order, pageLimit, wholeNumber } from "./query-parameters.ts";

/** `/jobs…`. */
export const JOB_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/jobs",
    summary: "Jobs in the order of creation; whole and streamed without `limit`",
    query: {
      hen_id: ofHen("of this hen"),
      parent_job_id: "that this job handed on",
      status: "of these statuses, with commas",
      since: moment("created then or later, RFC 3339 with a zone"),
      until: moment("created before then"),
      q: "with this in prompt or result, in capitals or not; it looks at every job of the other filters",
      order,
      limit: pageLimit("1 to 1000; a page that is not full is the last"),
      after: "behind this job id in the order of the list",
    },
    status: 200,
    answers: "jobs",
    schema: "Jobs",
  },
  { method: "get", path: "/api/v1/jobs/{id}", summary: "One job", status: 200, answers: "the job", schema: "Job" },
  {
    method: "get",
    path: "/api/v1/jobs/{id}/waiting",
    summary: "Why a QUEUED job waits, how many of its hen come before it, and what would help",
    status: 200,
    answers: "the reason; nulls for a job that does not wait",
    schema: "JobWaiting",
  },
  {
    method: "post",
    path: "/api/v1/jobs/{id}/cancel",
    scope: "operate",
    summary: "Cancel a job that waits or runs; answers when its processes are dead",
    status: 200,
    answers: "the job as it ended",
    schema: "Job",
  },
  {
    method: "post",
    path: "/api/v1/jobs/{id}/retry",
    scope: "operate",
    summary: "Queue what an ended job was asked for once more; it then needs nobody any longer",
    isOnce: true,
    status: 202,
    answers: "accepted: it is durable",
    schema: "JobAccepted",
  },
  {
    method: "get",
    path: "/api/v1/jobs/{id}/journal",
    summary: "What the job did, entry by entry",
    query: { limit: pageLimit("1 to 1000"), after: wholeNumber("behind this seq") },
    status: 200,
    answers: "entries",
    schema: "Journal",
  },
  {
    method: "get",
    path: "/api/v1/jobs/{id}/stream",
    summary:
      "What the job's brain says, as it says it, until the job has ended: Server-Sent Events turn, text, thinking, restart, gap, end",
    query: { after: "behind the event with this id; the header Last-Event-ID goes before it" },
    status: 200,
    answers: "events, each with an id to come back with",
    events: "LiveEvent",
  },
];
