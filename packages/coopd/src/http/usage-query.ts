import { CoopError, parseDay, parseHenId, USAGE_GROUPS, type UsageGroup } from "coopd-core";
import type { Context } from "hono";
import type { UsageRequest } from "../spend/spending.ts";
import { readParam } from "./query.ts";

/** `?by=day|hen|model&since=DAY&until=DAY&hen_id=`; both days included. @throws CoopError `bad_query`, `bad_id` */
export function readUsageRequest(c: Context): UsageRequest {
  const by = readParam(c, "by") ?? "day";
  if (!isGroup(by)) throw bad("by", `must be ${USAGE_GROUPS.join(", ")}`);
  const since = readDay(c, "since");
  const until = readDay(c, "until");
  const henId = readParam(c, "hen_id");
  return {
    by,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(henId === undefined ? {} : { henId: parseHenId(henId) }),
  };
}

function isGroup(text: string): text is UsageGroup {
  return (USAGE_GROUPS as readonly string[]).includes(text);
}

function readDay(c: Context, name: string): number | undefined {
  const text = readParam(c, name);
  if (text === undefined) return undefined;
  const day = parseDay(text);
  if (day === undefined) throw bad(name, "must be a day as in 2026-11-26");
  return day;
}

function bad(name: string, what: string): CoopError {
  return new CoopError("bad_query", `query parameter ${name} ${what}`);
}
