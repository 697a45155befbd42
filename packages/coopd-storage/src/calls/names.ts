/**
 * The operations of the worker by name; the Store's methods of the same names are calls of them. Reads and writes are
 * apart because they wait in different queues. The main thread knows only these names, never the operations' code.
 */
export const READ_NAMES = [
  "hen",
  "henUsage",
  "henSpend",
  "usage",
  "manifestText",
  "attachment",
  "hens",
  "nextLeaseEnd",
  "job",
  "dismissals",
  "deniedInJobs",
  "jobs",
  "searchJobs",
  "latestJobs",
  "journal",
  "childOfCall",
  "openChildren",
  "episodes",
  "tasks",
  "egress",
  "tasksIn",
  "events",
  "firstEventSeq",
  "counts",
  "madeBy",
  "credentials",
  "audit",
  "auditHead",
  "setting",
  "quarantined",
  "findFaults",
] as const;

/** Operations that change something; they share commits. */
export const WRITE_NAMES = [
  "createHen",
  "moveHen",
  "deleteHen",
  "putManifest",
  "allotUid",
  "holdHen",
  "leaseHen",
  "releaseHen",
  "expireLeases",
  "dismiss",
  "enqueue",
  "spawnChild",
  "claim",
  "takeOver",
  "append",
  "settle",
  "park",
  "beginCall",
  "endCall",
  "cancelQueued",
  "cancel",
  "failWaiting",
  "forget",
  "createTask",
  "moveTask",
  "recordEgress",
  "addCredential",
  "removeCredential",
  "dropStaleLogins",
  "touchCredentials",
  "appendAudit",
  "prune",
  "putSetting",
] as const;

export type ReadName = (typeof READ_NAMES)[number];
export type WriteName = (typeof WRITE_NAMES)[number];
/** The name of any operation. */
export type CallName = ReadName | WriteName;
