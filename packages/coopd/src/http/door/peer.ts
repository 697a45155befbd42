import type { Context } from "hono";
import type { RequestEnv } from "./request-env.ts";

/**
 * Where the connection comes from: the socket's address, never a header, which anybody can write. Behind a reverse proxy
 * that is the proxy.
 */
export function peerOf(c: Context<RequestEnv>): string {
  return c.env?.server?.requestIP(c.req.raw)?.address ?? "unknown";
}
