import type { Scope } from "coopd-core";
import type { Schema } from "../schema-shapes.ts";

/** One row a route; a test holds it against the routes that are really served. */
export interface Operation {
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: string;
  readonly summary: string;
  /** Who may; where it says nothing, see {@link scopeOf}. */
  readonly scope?: Scope | "open";
  /** What it is, or that with its schema; without one it is any text. */
  readonly query?: Readonly<Record<string, string | QueryParameter>>;
  /** Takes an `Idempotency-Key`. */
  readonly isOnce?: true;
  /** Needs `If-Match`. */
  readonly isConditional?: true;
  /** Takes `If-Match`; without it the last one wins. */
  readonly mayBeConditional?: true;
  readonly body?: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>>;
  /** The body may be left out. */
  readonly isBodyOptional?: true;
  readonly status: number;
  readonly answers: string;
  /** Name of the answer's JSON schema; none for an empty or non-JSON answer. */
  readonly schema?: string;
  /** Of an answer that is not JSON, or need not be. */
  readonly type?: string;
  /** Name of the schema of what it sends piece by piece, as Server-Sent Events. */
  readonly events?: string;
}

/** A query parameter that is not any text. */
export interface QueryParameter {
  readonly description: string;
  readonly schema: Schema;
}

/** Reading needs `read`; whatever else has no scope of its own needs the highest, so that a forgotten one opens nothing. */
export function scopeOf({ method, status, scope }: Operation): Scope | "open" {
  return scope ?? (method === "get" && status === 200 ? "read" : "admin");
}

/** Whether it is written into the audit trail: whatever is more than reading. The routes of logins write it themselves. */
export function isAudited(operation: Operation): boolean {
  const scope = scopeOf(operation);
  return (scope === "operate" || scope === "admin") && (operation.method !== "get" || operation.status === 101);
}
