import { randomUUID } from "node:crypto";
import type { Log } from "coopd-core";
import type { MiddlewareHandler } from "hono";
import type { Metrics } from "../../metrics/metrics.ts";
import { peerOf } from "./peer.ts";
import type { RequestEnv } from "./request-env.ts";

/**
 * Gives every request an id, which its answer, its log lines and its entry of the audit trail carry, and counts and times it.
 * The log gets the path without its query, which may hold a token.
 */
export function accompany(log: Log, metrics: Metrics): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    const startedMs = performance.now();
    const requestId = randomUUID();
    c.set("requestId", requestId);
    await next();
    c.res.headers.set("X-Request-Id", requestId);
    const operation = c.get("operation");
    const route = operation === undefined ? "other" : `${operation.method.toUpperCase()} ${operation.path}`;
    const tookMs = performance.now() - startedMs;
    metrics.answered(route, c.res.status, tookMs / 1000);
    log.debug("request", {
      request_id: requestId,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Math.round(tookMs * 10) / 10,
      peer: peerOf(c),
      actor: c.get("visit")?.actor.name ?? "nobody",
    });
  };
}
