import { henName, parseHenId } from "coopd-core";
import { Hono } from "hono";
import type { Manifests } from "../../farm/manifests.ts";
import { readBytes } from "../body.ts";
import { requireRevision } from "../if-match.ts";
import { readManifestParts } from "../manifest-parts.ts";
import { warnOf } from "../warnings.ts";

/** `/hens/:id/manifest` and `/manifests/check`; the revision is the entity tag (RFC 9110 §8.8.3). */
export function manifestRoutes(manifests: Manifests): Hono {
  return new Hono()
    .get("/hens/:id/manifest", async (c) => {
      const id = parseHenId(c.req.param("id"));
      const { text, revision } = await manifests.read(id);
      c.header("content-type", "application/yaml; charset=utf-8");
      c.header("content-disposition", `inline; filename="${henName(id)}.yaml"`);
      c.header("etag", `"${revision}"`);
      return c.body(text);
    })
    .put("/hens/:id/manifest", async (c) => {
      const revision = requireRevision(c);
      const parts = await readManifestParts(c.req.header("content-type") ?? "", await readBytes(c));
      const { hen, warnings } = await manifests.replace(parseHenId(c.req.param("id")), revision, parts);
      warnOf(
        c,
        warnings.map(({ path, message }) => `${path}: ${message}`),
      );
      c.header("etag", `"${hen.manifest_revision}"`);
      return c.json({ id: hen.id, revision: hen.manifest_revision });
    })
    .post("/manifests/check", async (c) => c.json(manifests.check(await readBytes(c))));
}
