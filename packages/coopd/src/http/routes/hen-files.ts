import { parseHenId } from "coopd-core";
import { Hono } from "hono";
import type { HenFiles } from "../../farm/hen-files.ts";
import { readParam, readWhole } from "../query.ts";

/** Names on a page, when the client does not say. */
const PAGE_DEFAULT = 200;
const PAGE_ENTRIES_MAX = 1_000;

/**
 * `GET /hens/:id/files?path=`: a folder as JSON, a file as its bytes. What a hen wrote is hostile, so a browser is told to
 * save it and never to show it.
 */
export function henFileRoutes(files: HenFiles): Hono {
  return new Hono().get("/:id/files", async (c) => {
    const path = readParam(c, "path") ?? "";
    const page = {
      after: readParam(c, "after") ?? "",
      limit: readWhole(c, "limit", 1, PAGE_ENTRIES_MAX) ?? PAGE_DEFAULT,
    };
    const found = await files.look(parseHenId(c.req.param("id")), path, page);
    if ("entries" in found) return c.json(found);
    return new Response(found.body, {
      headers: {
        "content-type": "application/octet-stream",
        "x-coop-bytes": String(found.bytes), // a stream goes out in chunks, without a content-length
        "content-disposition": `attachment; filename*=UTF-8''${toFileName(path)}`,
        "cache-control": "no-store",
      },
    });
  });
}

/** RFC 8187: what is no attr-char is percent-encoded; a lone surrogate, which has no UTF-8, becomes a replacement character. */
function toFileName(path: string): string {
  const name = path.split("/").findLast((part) => part !== "") ?? "file";
  return encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
