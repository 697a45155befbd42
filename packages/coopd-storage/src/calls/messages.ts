import { CoopError, type ErrorCode, type FarmEvent } from "coopd-core";
import type { CallName } from "./names.ts";

/*
 * What main thread and worker say to each other. Every message is one JSON text: Bun passes strings between threads
 * without a copy, which is twice as fast here as a structured clone, and their length bounds the queue in bytes.
 *
 *     main → worker   {open}             once, first
 *     worker → main   {opened} | {failed}
 *     main → worker   {calls}            any number
 *     worker → main   {answers, events}  one or more for them
 *     main → worker   {close}            last
 *     worker → main   {closed}
 */

/** One call of an operation. */
export interface Call {
  readonly id: number;
  readonly name: CallName;
  readonly args: readonly unknown[];
}

/** A write and the time at which it was sent. */
export interface TimedCall extends Call {
  readonly nowMs: number;
}

/** What the main thread says to the worker. */
export type ToWorker =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "calls"; readonly nowMs: number; readonly calls: readonly Call[] }
  | { readonly kind: "close" };

/** The outcome of one call. A value that is absent is undefined. */
export type Answer =
  | { readonly id: number; readonly value?: unknown }
  | { readonly id: number; readonly error: WireError };

/** What the worker has done since it was opened. */
export interface WorkerCounts {
  /** Transactions that wrote and became durable; each is one flush of the disk. */
  readonly commits: number;
  /** Write operations that became durable by them. */
  readonly writes: number;
  readonly reads: number;
  /** Operations in the largest transaction. */
  readonly batchMax: number;
}

/** What the worker says to the main thread. */
export type FromWorker =
  | { readonly kind: "opened" }
  | { readonly kind: "failed"; readonly error: WireError }
  | {
      readonly kind: "answers";
      readonly answers: readonly Answer[];
      /** Of the commit that these answers wait for, in order. */
      readonly events: readonly FarmEvent[];
      /** Rows that were set aside. */
      readonly setAside: readonly string[];
      readonly counts: WorkerCounts;
    }
  | { readonly kind: "closed"; readonly checkpointError?: WireError };

/** A CoopError as JSON; the cause, which is for the log only, as text. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: string;
}

/** An error as it crosses the threads; its cause becomes a text. */
export function toWireError(error: CoopError): WireError {
  const { code, message, next, details, cause } = error;
  return {
    code,
    message,
    ...(next === undefined ? {} : { next }),
    ...(details === undefined ? {} : { details }),
    ...(cause === undefined ? {} : { cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }),
  };
}

/** The CoopError that crossed the threads. */
export function fromWireError(error: WireError): CoopError {
  return new CoopError(error.code, error.message, error);
}
