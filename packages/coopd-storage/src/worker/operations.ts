import { appendAudit, audit, auditHead } from "../access/audit.ts";
import {
  addCredential,
  credentials,
  dropStaleLogins,
  removeCredential,
  touchCredentials,
} from "../access/credentials.ts";
import { dismiss, dismissals } from "../attention/dismissals.ts";
import type { ReadName, WriteName } from "../calls/names.ts";
import { findFaults } from "../consistency/find-faults.ts";
import { deniedInJobs } from "../egress/denied-in-jobs.ts";
import { egress } from "../egress/read-egress.ts";
import { recordEgress } from "../egress/record-egress.ts";
import { events, firstEventSeq } from "../events/read-events.ts";
import { allotUid } from "../hens/allot-uid.ts";
import { counts } from "../hens/count-farm.ts";
import { createHen } from "../hens/create-hen.ts";
import { deleteHen } from "../hens/delete-hen.ts";
import { holdHen } from "../hens/hold-hen.ts";
import { moveHen } from "../hens/move-hen.ts";
import { putManifest } from "../hens/put-manifest.ts";
import { attachment, hen, hens, manifestText } from "../hens/read-hens.ts";
import { henUsage } from "../hens/usage.ts";
import { madeBy } from "../idempotency/once.ts";
import { append } from "../jobs/append.ts";
import { cancelQueued } from "../jobs/cancel-queued.ts";
import { claim, takeOver } from "../jobs/claim.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { failWaiting } from "../jobs/fail-waiting.ts";
import { park } from "../jobs/park.ts";
import { childOfCall, openChildren } from "../jobs/read-children.ts";
import { job, jobs, journal, latestJobs, searchJobs } from "../jobs/read-jobs.ts";
import { cancel } from "../jobs/request-cancel.ts";
import { settle } from "../jobs/settle.ts";
import { spawnChild } from "../jobs/spawn-child.ts";
import { expireLeases, leaseHen, nextLeaseEnd, releaseHen } from "../leases/leases.ts";
import { forget } from "../memory/forget.ts";
import { episodes } from "../memory/read-episodes.ts";
import { quarantined } from "../quarantine/read-quarantine.ts";
import { prune } from "../retention/prune.ts";
import type { ReadScope, WriteScope } from "../rows/scope.ts";
import { putSetting, setting } from "../settings/settings.ts";
import { henSpend, usage } from "../spend/read-spend.ts";
import { beginCall, endCall } from "../spend/single-calls.ts";
import { tasks, tasksIn } from "../tasks/read-tasks.ts";
import { createTask, moveTask } from "../tasks/write-tasks.ts";

type Operation<Given> = (scope: Given, ...args: never[]) => unknown;

/** Answered from the last commit, between batches. */
export const READS = {
  hen,
  henUsage,
  henSpend,
  usage,
  manifestText,
  attachment,
  hens,
  nextLeaseEnd,
  job,
  dismissals,
  deniedInJobs,
  jobs,
  searchJobs,
  latestJobs,
  journal,
  childOfCall,
  openChildren,
  episodes,
  tasks,
  egress,
  tasksIn,
  events,
  firstEventSeq,
  counts,
  madeBy,
  credentials,
  audit,
  auditHead,
  setting,
  quarantined,
  findFaults,
} as const satisfies Readonly<Record<ReadName, Operation<ReadScope>>>;

/** Each runs in a savepoint of its own inside a batch. */
export const WRITES = {
  createHen,
  moveHen,
  deleteHen,
  putManifest,
  allotUid,
  holdHen,
  leaseHen,
  releaseHen,
  expireLeases,
  dismiss,
  enqueue,
  spawnChild,
  claim,
  takeOver,
  append,
  settle,
  park,
  beginCall,
  endCall,
  cancelQueued,
  cancel,
  failWaiting,
  forget,
  createTask,
  moveTask,
  recordEgress,
  addCredential,
  removeCredential,
  dropStaleLogins,
  touchCredentials,
  appendAudit,
  prune,
  putSetting,
} as const satisfies Readonly<Record<WriteName, Operation<WriteScope>>>;

/** Arguments and answer of each operation, for the typed proxy on the main thread. */
export type Operations = typeof READS & typeof WRITES;
