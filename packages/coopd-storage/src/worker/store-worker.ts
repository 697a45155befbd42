import type { Database } from "bun:sqlite";
import type { FromWorker, ToWorker } from "../calls/messages.ts";
import { toWireError } from "../calls/messages.ts";
import { openDatabase } from "../database/open-database.ts";
import { toStoreError } from "../database/sqlite-errors.ts";
import { CommitLoop } from "./commit-loop.ts";

// The thread that owns the database: the only code that runs SQL on it. See calls/messages.ts for what it hears and says.
declare const self: Worker;

let opened: { readonly db: Database; readonly loop: CommitLoop } | undefined;

self.onmessage = ({ data }: MessageEvent<string>) => {
  const message = JSON.parse(data) as ToWorker;
  if (message.kind === "open") open(message.path);
  else if (message.kind === "calls") opened?.loop.accept(message.nowMs, message.calls);
  else close();
};

function open(path: string): void {
  try {
    const db = openDatabase(path);
    opened = { db, loop: new CommitLoop(db, post) };
    post({ kind: "opened" });
  } catch (error) {
    post({ kind: "failed", error: toWireError(toStoreError(error)) });
  }
}

/** The write-ahead log is folded into the database so that one file is the whole store; if that fails, nothing is lost. */
function close(): void {
  opened?.loop.finish(() => {
    const db = opened?.db;
    try {
      db?.run("PRAGMA wal_checkpoint(TRUNCATE)");
      db?.close();
      post({ kind: "closed" });
    } catch (error) {
      db?.close();
      post({ kind: "closed", checkpointError: toWireError(toStoreError(error)) });
    }
  });
}

function post(message: FromWorker): void {
  self.postMessage(JSON.stringify(message));
}
