import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoopError, type FarmEvent, type Log } from "coopd-core";
import { openStore, type SqliteStore } from "../open-store.ts";

/** A real store in a directory of its own, with what it warned of and what it told its subscriber. */
export interface TempStore extends AsyncDisposable {
  readonly dataDir: string;
  readonly store: SqliteStore;
  readonly warnings: readonly string[];
  readonly events: readonly FarmEvent[];
  /** Closes it in good order and opens it again; `store` is the new one. */
  reopen(): Promise<void>;
  /** Runs SQL on the file behind the store's back, as damage would. */
  tamper(sql: string): void;
}

/** Makes it; disposing closes it and removes the directory. */
export async function openTempStore(): Promise<TempStore> {
  const dataDir = makeTempDir();
  const warnings: string[] = [];
  const events: FarmEvent[] = [];
  const log = warningsTo(warnings);
  const open = async () => {
    const store = await openStore({ dataDir, log, version: "test" });
    store.subscribe((some) => events.push(...some));
    return store;
  };
  let store = await open();
  return {
    dataDir,
    warnings,
    events,
    get store() {
      return store;
    },
    reopen: async () => {
      await store.close();
      store = await open();
    },
    tamper: (sql) => tamperWith(dataDir, sql),
    [Symbol.asyncDispose]: async () => {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** An empty directory for one test; whoever made it removes it. */
export function makeTempDir(): string {
  return mkdtempSync(join(tmpdir(), "coop-store-"));
}

/** Runs SQL on the database file of a data directory. */
export function tamperWith(dataDir: string, sql: string): void {
  const db = new Database(join(dataDir, "coop.sqlite"));
  try {
    db.run("PRAGMA busy_timeout = 5000");
    db.run(sql);
  } finally {
    db.close();
  }
}

/** A log that keeps the texts of warnings and errors. */
export function warningsTo(lines: string[]): Log {
  const keep = (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  return { debug() {}, info() {}, warn: keep, error: keep };
}

/** The CoopError that a promise rejects with; a test that gets an answer instead fails by it. */
export async function refusal(promise: Promise<unknown>): Promise<CoopError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CoopError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}
