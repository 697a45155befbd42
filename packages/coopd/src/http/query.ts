import {
  CoopError,
  type HenState,
  isHenState,
  isJobStatus,
  type JobStatus,
  TASK_STATUSES,
  type TaskStatus,
} from "coopd-core";
import type { Context } from "hono";

/** A query parameter that is given at most once. @throws CoopError `bad_query` when it is repeated */
export function readParam(c: Context, name: string): string | undefined {
  const values = c.req.queries(name);
  if (values !== undefined && values.length > 1) throw bad(name, "is given more than once");
  return values?.[0];
}

/** @throws CoopError `bad_query` unless it is a whole number from `min` to `max` */
export function readWhole(c: Context, name: string, min: number, max: number): number | undefined {
  const text = readParam(c, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text) || value < min || value > max)
    throw bad(name, `must be a whole number from ${min} to ${max}`);
  return value;
}

/** `?name`, `?name=true` or `?name=false`; false when it is not given. @throws CoopError `bad_query` */
export function readFlag(c: Context, name: string): boolean {
  const text = readParam(c, name);
  if (text === undefined || text === "false") return false;
  if (text === "" || text === "true") return true;
  throw bad(name, "must be true or false");
}

/** `?order=asc` or `desc`; undefined when it is not given. @throws CoopError `bad_query` */
export function readOrder(c: Context): "asc" | "desc" | undefined {
  const text = readParam(c, "order");
  if (text === undefined || text === "asc" || text === "desc") return text;
  throw bad("order", "must be asc or desc");
}

/** `?state=`, upper case as on the wire. @throws CoopError `bad_query` */
export function readHenState(c: Context): HenState | undefined {
  const text = readParam(c, "state");
  if (text === undefined || isHenState(text)) return text;
  throw bad("state", "must be DEFINED, HATCHING, IDLE, WORKING, LEASED, SLEEPING, DORMANT or ARCHIVED");
}

/** One status or several with commas between. */
export function readJobStatuses(c: Context): readonly JobStatus[] | undefined {
  const text = readParam(c, "status");
  if (text === undefined) return undefined;
  const parts = text.split(",");
  if (!parts.every(isJobStatus)) throw bad("status", "must be of QUEUED, RUNNING, DONE, FAILED, CANCELLED");
  return parts;
}

/** `?status=` of a task. @throws CoopError `bad_query` */
export function readTaskStatus(c: Context): TaskStatus | undefined {
  const text = readParam(c, "status");
  const status = TASK_STATUSES.find((it) => it === text);
  if (text !== undefined && status === undefined) throw bad("status", `must be one of ${TASK_STATUSES.join(", ")}`);
  return status;
}

function bad(name: string, what: string): CoopError {
  return new CoopError("bad_query", `query parameter ${name} ${what}`);
}
