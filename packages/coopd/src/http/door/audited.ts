import { type AuditState, CoopError, statusOf, toCoopError } from "coopd-core";
import type { Context, MiddlewareHandler } from "hono";
import type { Door } from "../../access/door.ts";
import { isAudited } from "../operations/operation.ts";
import { peerOf } from "./peer.ts";
import type { RequestEnv } from "./request-env.ts";

/** Reads what a target is like, in a few words; null when it is not there, or too much is asked of it to look each time. */
export type StateReader = (path: string, id: string) => Promise<AuditState | null>;

/**
 * Writes down every request that changes something: who, from where, what, and what the target was before and after
 * (control D9). The entry is durable before the answer leaves. A request that was malformed or met nothing changed nothing
 * and is not written down; one that was not allowed is.
 */
export function audited(door: Door, stateOf: StateReader): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    const operation = c.get("operation");
    if (operation === undefined || !isAudited(operation)) return next();
    const target = targetOf(c, operation.path);
    const before = target === null ? null : await stateOf(operation.path, target);
    await next();
    const status = c.error === undefined ? c.res.status : statusOf(toCoopError(c.error).code);
    if (status >= 400 && status !== 401 && status !== 403) return;
    const note = {
      actor: c.get("visit").actor.name,
      origin: peerOf(c),
      action: `${c.req.method} ${operation.path}`,
      target,
      status,
      request_id: c.get("requestId"),
      before,
      after: (target === null ? null : await stateOf(operation.path, target)) ?? (await madeBy(c)),
    };
    await (QUEUES.includes(operation.path) ? door.trail.recordSoon(note) : door.trail.record(note));
  };
}

/** The part of the path that names something, decoded; the router gives parameters to the route alone, and not before it. */
function targetOf(c: Context<RequestEnv>, pattern: string): string | null {
  const at = pattern.split("/").findIndex((part) => part.startsWith("{"));
  if (at < 0) return null;
  const raw = c.req.path.split("/")[at] ?? "";
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw; // the route will refuse it
  }
}

/** What is asked for by the hundred a second: the row that it makes is durable with its time, and its entry comes a commit later. */
const QUEUES: readonly string[] = ["/api/v1/hens/{id}/jobs", "/api/v1/hens/{id}/delegate", "/api/v1/tasks"];

/** Answers that name what was made are a few dozen bytes. */
const ANSWER_BYTES_MAX = 1_024;

/** The id of what the answer says was made. */
async function madeBy(c: Context<RequestEnv>): Promise<AuditState | null> {
  if (c.res.status !== 201 && c.res.status !== 202) return null;
  if (!(c.res.headers.get("content-type") ?? "").includes("json")) return null;
  const text = await c.res.clone().text();
  if (text.length > ANSWER_BYTES_MAX) return null;
  const answer: unknown = JSON.parse(text);
  if (typeof answer === "string") return { made: answer };
  const { job_id, task_id, id } = answer as Readonly<Record<string, unknown>>;
  const made = job_id ?? task_id ?? id;
  return typeof made === "string" ? { made } : null;
}

/** A refusal at the door of somebody who is known: the door itself throws before the routes are reached. */
export async function recordRefusal(c: Context<RequestEnv>, door: Door, error: unknown): Promise<void> {
  const operation = c.get("operation");
  if (!(error instanceof CoopError) || error.code !== "scope_missing" || operation === undefined) return;
  await door.trail.record({
    actor: c.get("visit").actor.name,
    origin: peerOf(c),
    action: `${c.req.method} ${operation.path}`,
    target: targetOf(c, operation.path),
    status: statusOf(error.code),
    request_id: c.get("requestId"),
    before: null,
    after: null,
  });
}
