import { Secret } from "coopd-vault";
import { type Context, Hono } from "hono";
import type { VaultKeeper } from "../../vault/vault-keeper.ts";
import { readJson } from "../body.ts";
import { HostsBody, InitBody, PutBody, RotateBody, UnlockBody } from "../request-bodies.ts";

/** `/vault…`: parse, ask the keeper, answer. A value goes in and never out. */
export function vaultRoutes(keeper: VaultKeeper): Hono {
  const ok = (c: Context) => c.json({ ok: true });
  return new Hono()
    .get("/status", (c) => c.json(keeper.status()))
    .post("/init", async (c) => {
      const { passphrase } = await readJson(c, InitBody);
      using secret = new Secret(passphrase);
      return c.json({ path: await keeper.init(secret) }, 201);
    })
    .post("/unlock", async (c) => {
      const { path, passphrase } = await readJson(c, UnlockBody);
      using secret = new Secret(passphrase);
      await keeper.unlock(path, secret);
      return ok(c);
    })
    .post("/lock", async (c) => {
      await keeper.lock();
      return ok(c);
    })
    .post("/rotate", async (c) => {
      const body = await readJson(c, RotateBody);
      using secret = new Secret(body.passphrase);
      using next = new Secret(body.new_passphrase);
      await keeper.rotate(secret, next);
      return ok(c);
    })
    .get("/secrets", (c) => {
      const secrets = keeper.entries();
      return c.json({ names: secrets.map(({ name }) => name), secrets });
    })
    .put("/secrets", async (c) => {
      const { name, value, hosts } = await readJson(c, PutBody);
      keeper.put(name, new Secret(value), hosts);
      return ok(c);
    })
    .put("/secrets/:name/hosts", async (c) => {
      const { hosts } = await readJson(c, HostsBody);
      keeper.bind(c.req.param("name"), hosts);
      return ok(c);
    })
    .delete("/secrets/:name", (c) => {
      keeper.remove(c.req.param("name"));
      return ok(c);
    });
}
