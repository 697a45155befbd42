import { PAGE_MAX, type TaskId } from "coopd-core";
import { Hono } from "hono";
import type { Farm } from "../../farm/farm.ts";
import type { Tasks } from "../../farm/tasks.ts";
import { readJson } from "../body.ts";
import { toJsonStream } from "../json-stream.ts";
import { answerOnce } from "../once.ts";
import { readParam, readTaskStatus, readWhole } from "../query.ts";
import { TaskBody } from "../request-bodies.ts";

/** `/tasks…`: parse, ask, answer. Without `limit` the list is streamed whole: newest first, of one status oldest first. */
export function taskRoutes(farm: Farm, tasks: Tasks): Hono {
  return new Hono()
    .get("/", async (c) => {
      const after = readParam(c, "after");
      const limit = readWhole(c, "limit", 1, PAGE_MAX);
      const status = readTaskStatus(c);
      const pageFrom = (id: string | undefined, count: number) =>
        tasks.list({ limit: count, ...(id === undefined ? {} : { after: id }) }, status);
      if (limit !== undefined) return c.json(await pageFrom(after, limit));
      return toJsonStream((last: { readonly id: string } | undefined) => pageFrom(last?.id ?? after, STREAM_ROWS));
    })
    .post("/", async (c) => {
      const body = await readJson(c, TaskBody);
      const { prompt, required_agent_kind: kind = null, lease_id: leaseId = null } = body;
      return answerOnce(c, farm, {
        request: ["task", body],
        make: async (once) => (await tasks.create({ prompt, kind, leaseId }, once)).id,
        answer: (id) => c.json({ task_id: id }, 202),
      });
    })
    .post("/:id/done", async (c) => {
      await tasks.finish(c.req.param("id") as TaskId);
      return c.json({ ok: true });
    })
    .post("/:id/retry", async (c) => {
      await tasks.retry(c.req.param("id") as TaskId);
      return c.json({ ok: true });
    })
    .delete("/:id", async (c) => {
      await tasks.cancel(c.req.param("id") as TaskId);
      return c.json({ ok: true });
    });
}

/** Rows of one streamed page: at most a few MB even when every prompt is long. */
const STREAM_ROWS = 200;
