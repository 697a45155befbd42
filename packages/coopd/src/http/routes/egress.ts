import { CoopError, type EgressFilter, type JobId, PAGE_MAX, parseHenId } from "coopd-core";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { EgressLogs } from "../../egress/egress-logs.ts";
import type { Networks } from "../../farm/networks.ts";
import { readJson } from "../body.ts";
import { readRevision } from "../if-match.ts";
import { toJsonStream } from "../json-stream.ts";
import { readOrder, readParam, readWhole } from "../query.ts";
import { warnOf } from "../warnings.ts";

/** `/hens/:id/egress` and `/hens/:id/network`: parse, ask, answer. */
export function egressRoutes(logs: EgressLogs, networks: Networks): Hono {
  return new Hono()
    .get("/:id/egress", async (c) => {
      const id = parseHenId(c.req.param("id"));
      const filter = readFilter(c);
      const after = readWhole(c, "after", 0, Number.MAX_SAFE_INTEGER);
      const limit = readWhole(c, "limit", 1, PAGE_MAX);
      await logs.settle(id);
      const read = (seq: number | undefined, rows: number) =>
        logs.read(id, filter, { limit: rows, ...(seq === undefined ? {} : { after: seq }) });
      if (limit !== undefined) return c.json(await read(after, limit));
      return toJsonStream((last: { readonly seq: number } | undefined) => read(last?.seq ?? after, STREAM_ROWS));
    })
    .put("/:id/network", async (c) => {
      const revision = readRevision(c);
      const block = await readJson(c, z.unknown());
      const { hen, warnings } = await networks.put(parseHenId(c.req.param("id")), block, revision);
      warnOf(c, warnings);
      c.header("etag", `"${hen.manifest_revision}"`);
      return c.json({ id: hen.id, revision: hen.manifest_revision, network: hen.manifest.network });
    });
}

/** Rows of one streamed page: a few hundred kB. */
const STREAM_ROWS = 500;

function readFilter(c: Context): EgressFilter {
  const verdict = readParam(c, "verdict");
  const jobId = readParam(c, "job_id");
  const order = readOrder(c);
  if (verdict !== undefined && verdict !== "allowed" && verdict !== "denied") {
    throw new CoopError("bad_query", "query parameter verdict must be allowed or denied");
  }
  return {
    ...(verdict === undefined ? {} : { verdict }),
    ...(jobId === undefined ? {} : { jobId: jobId as JobId }),
    ...(order === undefined ? {} : { order }),
  };
}
