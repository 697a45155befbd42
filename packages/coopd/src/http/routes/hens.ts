import { type HenId, PAGE_MAX, parseHenId } from "coopd-core";
import { Hono } from "hono";
import type { z } from "zod";
import type { Farm } from "../../farm/farm.ts";
import type { HenLife } from "../../farm/hen-life.ts";
import type { NewWork } from "../../farm/queue-job.ts";
import { readBytes, readJson } from "../body.ts";
import { JobBody } from "../job-body.ts";
import { type ManifestParts, readManifestParts } from "../manifest-parts.ts";
import { answerOnce } from "../once.ts";
import { readFlag, readHenState, readParam, readWhole } from "../query.ts";
import { warnOf } from "../warnings.ts";

/** `/hens…`: parse, ask the farm, answer. Every rule lives behind `Farm`. */
export function henRoutes(farm: Farm, life: HenLife): Hono {
  return new Hono()
    .get("/", async (c) => {
      const after = readParam(c, "after");
      const limit = readWhole(c, "limit", 1, PAGE_MAX);
      const page = { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }) };
      return c.json((await farm.hens(readHenState(c), page)).map((hen) => farm.view(hen)));
    })
    .post("/", async (c) => {
      const parts = await readManifestParts(c.req.header("content-type") ?? "", await readBytes(c));
      return answerOnce(c, farm, {
        request: toCreateRequest(parts),
        async make(once) {
          const { hen, warnings } = await farm.createHen(parts, once);
          warnOf(c, warnings);
          return hen.id;
        },
        answer(id) {
          c.header("Location", `/api/v1/hens/${encodeURIComponent(id)}`);
          return c.json(id as HenId, 201);
        },
      });
    })
    .get("/:id", async (c) => c.json(farm.view(await farm.hen(parseHenId(c.req.param("id"))))))
    .delete("/:id", async (c) => {
      await life.delete(parseHenId(c.req.param("id")), readFlag(c, "force"));
      return c.body(null, 204);
    })
    .post("/:id/jobs", async (c) => {
      const body = await readJson(c, JobBody);
      const id = parseHenId(c.req.param("id"));
      return answerOnce(c, farm, {
        request: ["job", id, body],
        make: async (once) => (await farm.submitJob(toWork(id, body), once)).id,
        answer: (jobId) => c.json({ job_id: jobId }, 202),
      });
    })
    .get("/:id/memory", async (c) => {
      const limit = readWhole(c, "limit", 0, Number.MAX_SAFE_INTEGER);
      return c.json(await farm.episodes(parseHenId(c.req.param("id")), limit));
    })
    .delete("/:id/memory", async (c) => c.json({ forgotten: await farm.forget(parseHenId(c.req.param("id"))) }));
}

/** By content, since a form's boundary is another one every time. */
function toCreateRequest({ manifest, attachments }: ManifestParts): readonly unknown[] {
  return ["hen", Buffer.from(manifest).toString("base64"), Object.entries(attachments).sort()];
}

function toWork(henId: HenId, { prompt, limits, lease_id }: z.infer<typeof JobBody>): NewWork {
  return { henId, prompt, limits: limits ?? {}, leaseId: lease_id ?? null };
}
