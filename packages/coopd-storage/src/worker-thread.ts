import { CoopError } from "coopd-core";
import { type FromWorker, fromWireError, type ToWorker } from "./calls/messages.ts";

/** The store's thread, with its database open. */
export interface WorkerThread {
  /** Sends the texts of calls, already JSON. */
  post(calls: readonly string[], nowMs: number): void;
  /** Resolves when everything that was posted is answered and the database is closed; the thread is gone then. */
  close(): Promise<Extract<FromWorker, { kind: "closed" }>>;
}

/** What the thread reports. */
export interface WorkerListener {
  readonly onAnswers: (answers: Extract<FromWorker, { kind: "answers" }>) => void;
  /** The thread ended though nobody closed it. */
  readonly onDeath: (error: CoopError) => void;
}

/**
 * Starts the thread and opens the database at `path` in it. The URL below has this form for two reasons: from source it is
 * the file beside this one, and in a compiled program, where every module lies in one folder, it is `worker/store-worker`
 * there (`bun build --compile --entry-naming "worker/[name].[ext]"` with that file as a further entry).
 *
 * @throws CoopError what opening the database throws
 */
export function startWorkerThread(path: string, listener: WorkerListener): Promise<WorkerThread> {
  const worker = new Worker(new URL("./worker/store-worker.ts", import.meta.url), { name: "store" });
  const send = (message: ToWorker) => worker.postMessage(JSON.stringify(message));
  const closed = Promise.withResolvers<Extract<FromWorker, { kind: "closed" }>>();
  const opened = Promise.withResolvers<WorkerThread>();
  const thread: WorkerThread = {
    post: (calls, nowMs) => worker.postMessage(`{"kind":"calls","nowMs":${nowMs},"calls":[${calls.join(",")}]}`),
    close: () => {
      send({ kind: "close" });
      return closed.promise;
    },
  };
  const die = (cause: unknown) => {
    const error = new CoopError("store_unavailable", "the store's thread has ended", {
      next: "Start the daemon again; what was accepted is kept.",
      cause,
    });
    opened.reject(error);
    closed.reject(error);
    listener.onDeath(error);
    worker.terminate();
  };
  worker.onerror = (event) => die(event.message);
  worker.onmessage = ({ data }: MessageEvent<string>) => {
    const message = JSON.parse(data) as FromWorker;
    if (message.kind === "answers") listener.onAnswers(message);
    else if (message.kind === "opened") opened.resolve(thread);
    else worker.terminate();
    if (message.kind === "failed") opened.reject(fromWireError(message.error));
    if (message.kind === "closed") closed.resolve(message);
  };
  closed.promise.catch(() => undefined); // whoever closes hears of it; a death is reported through onDeath
  send({ kind: "open", path });
  return opened.promise;
}
