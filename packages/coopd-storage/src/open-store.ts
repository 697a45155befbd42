import { join, resolve } from "node:path";
import { type Clock, CoopError, type FarmEvent, type Log, type Store, type StoreReport, toInstant } from "coopd-core";
import { type BackupMaker, createBackupMaker } from "./backup/open-backup.ts";
import { CallQueue } from "./calls/call-queue.ts";
import { fromWireError, type WorkerCounts } from "./calls/messages.ts";
import { type CallName, READ_NAMES, WRITE_NAMES } from "./calls/names.ts";
import { type DaemonLock, takeDaemonLock } from "./data-dir/daemon-lock.ts";
import { heldByAnother, readHolder, removeHolderRecord, writeHolderRecord } from "./data-dir/holder.ts";
import { checkPrivateFile, preparePrivateDirectory, preparePrivateFile } from "./data-dir/private-files.ts";
import { createListeners } from "./events/listeners.ts";
import { toStoreReport } from "./side/report-store.ts";
import { startSideTask } from "./side/start-side-task.ts";
import type { Operations } from "./worker/operations.ts";
import { startWorkerThread, type WorkerThread } from "./worker-thread.ts";

/** What {@link openStore} needs. */
export interface StoreOptions {
  /** The farm's data directory; made with mode 0700 when it is not there. */
  readonly dataDir: string;
  /** Of the program that opens it, for `daemon.json`. */
  readonly version?: string;
  readonly log?: Log;
  readonly clock?: Clock;
}

/** What a store has done since it was opened, and what it is at; for metrics and tests. */
export interface StoreStats extends WorkerCounts {
  /** Calls that have no answer yet. */
  readonly waiting: number;
}

/** The Store on disk. Whoever opened it closes it. */
export interface SqliteStore extends Store {
  /** Says in `daemon.json` where this daemon listens, `host:port`, so that a second one and the CLI can tell. */
  publishHolder(parts: { readonly address: string }): Promise<void>;
  /** Reads the whole database and says what is not as it should be, one sentence each; empty when it is sound. */
  findFaults(): Promise<readonly string[]>;
  /** The same, with sizes, on a connection of its own in a thread of its own: it holds up no commit. */
  inspect(): Promise<StoreReport>;
  readonly backups: BackupMaker;
  stats(): StoreStats;
}

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
const SYSTEM_CLOCK: Clock = { nowMs: () => Date.now() };

/**
 * Opens the farm's store and takes the data directory for this process alone. All SQL runs in a thread of its own, so a
 * slow disk never holds up the caller's event loop.
 *
 * @throws CoopError `store_locked` (details.pid, details.address) while another daemon holds the directory, `store_newer`,
 * `store_unavailable`, `disk_full`
 */
export async function openStore(options: StoreOptions): Promise<SqliteStore> {
  const { log = SILENT, clock = SYSTEM_CLOCK } = options;
  const dataDir = resolve(options.dataDir);
  preparePrivateDirectory(dataDir, log);
  const lock = await takeLock(dataDir, log);
  try {
    const record = {
      pid: process.pid,
      address: null,
      started_at: toInstant(clock.nowMs()),
      version: options.version ?? null,
    };
    writeHolderRecord(dataDir, record);
    const listeners = createListeners(log);
    const { queue, thread } = await openCalls(join(dataDir, "coop.sqlite"), log, clock, listeners.deliver);
    return {
      ...createMethods(queue),
      subscribe: listeners.add,
      publishHolder: async ({ address }) => writeHolderRecord(dataDir, { ...record, address }),
      inspect: async () =>
        toStoreReport(dataDir, await startSideTask({ kind: "inspect", path: join(dataDir, "coop.sqlite") })),
      backups: createBackupMaker({ dataDir, version: options.version ?? null, clock }),
      stats: () => ({ ...queue.counts, waiting: queue.size }),
      close: once(() => closeStore(queue, thread, log, () => giveUp(dataDir, lock, log))),
    };
  } catch (error) {
    giveUp(dataDir, lock, log);
    throw error;
  }
}

/** A holder that leaves while it is being looked at gives way to this process. */
async function takeLock(dataDir: string, log: Log): Promise<DaemonLock> {
  const lock = takeDaemonLock(dataDir, log);
  if (lock !== undefined) return lock;
  const holder = await readHolder(dataDir);
  const second = holder === undefined ? takeDaemonLock(dataDir, log) : undefined;
  if (second !== undefined) return second;
  throw heldByAnother(holder ?? { pid: undefined, address: undefined });
}

/**
 * The record first: whoever sees it missing or stale while the lock is free is right. So one that a read-only disk keeps
 * does no harm, and must not hide why the store is given up.
 */
function giveUp(dataDir: string, lock: DaemonLock, log: Log): void {
  try {
    removeHolderRecord(dataDir);
  } catch (error) {
    log.warn("daemon.json could not be removed", { error });
  }
  lock.release();
}

async function openCalls(path: string, log: Log, clock: Clock, onEvents: (events: readonly FarmEvent[]) => void) {
  preparePrivateFile(path, log);
  for (const suffix of ["-wal", "-shm"]) checkPrivateFile(path + suffix, log);
  let thread: WorkerThread | undefined;
  const queue = new CallQueue({ post: (calls) => thread?.post(calls, clock.nowMs()), onEvents });
  thread = await startWorkerThread(path, {
    onAnswers: (answers) => {
      for (const row of answers.setAside) log.warn("a damaged row was set aside", { row });
      queue.receive(answers);
    },
    onDeath: (error) => {
      log.error("the store's thread ended", { error });
      queue.fail(error);
    },
  });
  return { queue, thread };
}

async function closeStore(queue: CallQueue, thread: WorkerThread, log: Log, release: () => void): Promise<void> {
  queue.close(new CoopError("shutting_down", "the store is closed"));
  try {
    const { checkpointError } = await thread.close();
    if (checkpointError === undefined) return;
    log.warn("the write-ahead log was not folded in; the next start does it", {
      error: fromWireError(checkpointError),
    });
  } finally {
    release();
  }
}

/** An operation of the worker as the method of the same name. */
type Method<Operation> = Operation extends (scope: never, ...args: infer Args) => infer Result
  ? (...args: Args) => Promise<Result>
  : never;
type Methods = { readonly [Name in CallName]: Method<Operations[Name]> };

function createMethods(queue: CallQueue): Methods {
  const names: readonly CallName[] = [...READ_NAMES, ...WRITE_NAMES];
  const entries = names.map((name) => [name, (...args: readonly unknown[]) => queue.call(name, args)]);
  return Object.fromEntries(entries) as Methods;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
