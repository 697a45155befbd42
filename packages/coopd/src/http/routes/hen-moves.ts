import { parseHenId } from "coopd-core";
import { Hono } from "hono";
import type { HenLife } from "../../farm/hen-life.ts";
import { readFlag } from "../query.ts";

/** `/hens/:id/hatch`, `sleep`, `wake`, `archive`: the moves of a hen's life. */
export function henMoveRoutes(life: HenLife): Hono {
  return new Hono()
    .post("/:id/hatch", async (c) => {
      await life.hatch(parseHenId(c.req.param("id")));
      return c.json({ ok: true });
    })
    .post("/:id/sleep", async (c) => {
      await life.sleep(parseHenId(c.req.param("id")), readFlag(c, "force"));
      return c.json({ ok: true });
    })
    .post("/:id/wake", async (c) => {
      await life.wake(parseHenId(c.req.param("id")));
      return c.json({ ok: true });
    })
    .post("/:id/archive", async (c) => {
      await life.archive(parseHenId(c.req.param("id")), readFlag(c, "force"));
      return c.json({ ok: true });
    });
}
