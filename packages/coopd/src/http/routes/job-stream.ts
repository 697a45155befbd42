import type { JobId } from "coopd-core";
import { Hono } from "hono";
import type { Farm } from "../../farm/farm.ts";
import { type LiveStreams, parseLivePlace } from "../../watch/live-streams.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { readParam } from "../query.ts";

/** `/jobs/:id/stream`: what the job's brain says, as it says it. */
export function jobStreamRoutes(farm: Farm, live: LiveStreams): Hono<RequestEnv> {
  return new Hono<RequestEnv>().get("/:id/stream", async (c) => {
    const id = c.req.param("id") as JobId;
    const last = c.req.header("last-event-id") ?? readParam(c, "after");
    const place = last === undefined || last === "" ? undefined : parseLivePlace(last);
    await farm.job(id); // an unknown id is 404, not a stream without end
    const body = live.open(id, place, c.get("visit").actor.id);
    c.env.server.timeout(c.req.raw, 0); // it has no end before the job's, and beats
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no", // proxies of that family would hold the text back
      },
    });
  });
}
