import { CoopError, type Instant, type JobFilter, type JobId, parseHenId, toInstant } from "coopd-core";
import type { Context } from "hono";
import { readJobStatuses, readOrder, readParam } from "./query.ts";

/** Longer texts find nothing that a shorter part of them would not. */
const TEXT_CHARS_MAX = 256;

/** What `GET /jobs` asks for, but for the page. */
export interface JobQuery {
  readonly filter: JobFilter;
  /** Prompt or result has this in it; undefined: any. */
  readonly text: string | undefined;
}

/** Reads `hen_id`, `parent_job_id`, `status`, `since`, `until`, `order` and `q`. @throws CoopError `bad_query`, `bad_id` */
export function readJobQuery(c: Context): JobQuery {
  const hen = readParam(c, "hen_id");
  const parent = readParam(c, "parent_job_id");
  const status = readJobStatuses(c);
  const since = readInstant(c, "since");
  const until = readInstant(c, "until");
  const order = readOrder(c);
  const text = readParam(c, "q");
  if (text !== undefined && (text === "" || text.length > TEXT_CHARS_MAX)) {
    throw bad("q", `must be 1 to ${TEXT_CHARS_MAX} characters`);
  }
  const filter = {
    ...(hen === undefined ? {} : { henId: parseHenId(hen) }),
    ...(parent === undefined ? {} : { parentId: parent as JobId }),
    ...(status === undefined ? {} : { status }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(order === undefined ? {} : { order }),
  };
  return { filter, text };
}

/** RFC 3339 with a zone: without one nobody can know whose clock is meant. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

function readInstant(c: Context, name: string): Instant | undefined {
  const text = readParam(c, name);
  if (text === undefined) return undefined;
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw bad(name, "must be an RFC 3339 time with its zone, as in 2026-03-01T10:00:00Z");
  return toInstant(ms);
}

function bad(name: string, what: string): CoopError {
  return new CoopError("bad_query", `query parameter ${name} ${what}`);
}
