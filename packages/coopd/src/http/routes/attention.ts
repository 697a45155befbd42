import { Hono } from "hono";
import type { Attention } from "../../farm/attention.ts";

/** `/attention`: what needs a person. */
export function attentionRoutes(attention: Attention): Hono {
  return new Hono()
    .get("/", async (c) => c.json(await attention.list()))
    .post("/:id/dismiss", async (c) => {
      await attention.dismiss(c.req.param("id"));
      return c.json({ ok: true });
    });
}
