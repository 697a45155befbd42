import { type JobId, PAGE_MAX } from "coopd-core";
import { Hono } from "hono";
import type { Attention } from "../../farm/attention.ts";
import type { Farm } from "../../farm/farm.ts";
import type { JobControl } from "../../farm/job-control.ts";
import type { QueuePlaces } from "../../farm/queue-places.ts";
import { readJobQuery } from "../job-query.ts";
import { toJsonStream } from "../json-stream.ts";
import { answerOnce } from "../once.ts";
import { readParam, readWhole } from "../query.ts";

/** `/jobs…`. Without `limit` the list is streamed page by page and whole, as the original's clients expect it. */
export function jobRoutes(farm: Farm, control: JobControl, attention: Attention, places: QueuePlaces): Hono {
  return new Hono()
    .get("/", async (c) => {
      const query = readJobQuery(c);
      const after = readParam(c, "after");
      const limit = readWhole(c, "limit", 1, PAGE_MAX);
      const pageFrom = (id: string | undefined, count: number) =>
        farm.jobs(query, { limit: count, ...(id === undefined ? {} : { after: id }) }, c.req.raw.signal);
      if (limit !== undefined) return c.json(await pageFrom(after, limit));
      return toJsonStream((last: { readonly id: string } | undefined) => pageFrom(last?.id ?? after, STREAM_ROWS));
    })
    .get("/:id", async (c) => c.json(await farm.job(c.req.param("id") as JobId)))
    .get("/:id/waiting", async (c) => c.json(await places.waiting(c.req.param("id") as JobId)))
    .post("/:id/cancel", async (c) => c.json(await control.cancel(c.req.param("id") as JobId)))
    .post("/:id/retry", async (c) => {
      const id = c.req.param("id") as JobId;
      return answerOnce(c, farm, {
        request: ["retry", id],
        async make(once) {
          const again = await farm.retryJob(id, once);
          await attention.dismiss(`job:${id}`);
          return again.id;
        },
        answer: (jobId) => c.json({ job_id: jobId }, 202),
      });
    })
    .get("/:id/journal", async (c) => {
      const id = c.req.param("id") as JobId;
      const after = readWhole(c, "after", 0, Number.MAX_SAFE_INTEGER) ?? 0;
      const limit = readWhole(c, "limit", 1, PAGE_MAX);
      await farm.job(id); // an unknown id is 404, not an empty journal
      if (limit !== undefined) return c.json(await farm.journal(id, { after, limit }));
      return toJsonStream((last: { readonly seq: number } | undefined) =>
        farm.journal(id, { after: last?.seq ?? after, limit: STREAM_ROWS }),
      );
    });
}

/** Rows of one streamed page: at most a few MB even when every result is long. */
const STREAM_ROWS = 200;
