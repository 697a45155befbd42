import { join } from "node:path";
import type { Check } from "../check.ts";
import { holds, matches, same } from "../claims.ts";

const PASSPHRASE = "correct horse battery staple";

/** The vault, by command line and API. */
export const VAULT_CHECKS: readonly Check[] = [
  {
    id: "vault-unlock",
    section: "http-api §8.2",
    title: "a vault made by the command line is opened by the daemon, told by name, and written",
    needs: "coop",
    run: async ({ coop, get, post, send, folder }) => {
      const path = join(folder, "made", "vault.json");
      const env = { COOP_PASSPHRASE: PASSPHRASE, COOP_SECRET_VALUE: "sk-not-a-key" };
      const init = await coop(["vault", "init", path], env);
      same("init", [init.exitCode, init.stdout.includes("vault created at")], [0, true]);
      holds("init overwrites", (await coop(["vault", "init", path], env)).exitCode !== 0);
      const put = await coop(["vault", "put", path, "key-a"], env);
      same("put", [put.exitCode, put.stdout.trim()], [0, "stored secret `key-a`"]);
      same("list", (await coop(["vault", "list", path], env)).stdout, "key-a\n");
      holds(
        "a wrong passphrase lists",
        (await coop(["vault", "list", path], { COOP_PASSPHRASE: "no" })).exitCode !== 0,
      );
      const wrong = await post("/vault/unlock", { path, passphrase: "no" });
      same("a wrong passphrase", wrong.status, 400);
      matches("its error", wrong.json.error, /./);
      const unlocked = await post("/vault/unlock", { path, passphrase: PASSPHRASE });
      same("unlock", [unlocked.status, unlocked.text], [200, '{"ok":true}']);
      same("status", (await get("/vault/status")).json.unlocked, true);
      same("names", (await get("/vault/secrets")).json.names, ["key-a"]);
      const body = JSON.stringify({ name: "key-b", value: "sk-neither" });
      const added = await send("PUT", "/api/v1/vault/secrets", { body, type: "application/json" });
      same("adding", [added.status, added.text], [200, '{"ok":true}']);
      same("names then", ((await get("/vault/secrets")).json.names as string[]).toSorted(), ["key-a", "key-b"]);
      const listed = await coop(["vault", "list", path], env);
      same("on disk", listed.stdout.split("\n").filter(Boolean).toSorted(), ["key-a", "key-b"]);
      for (const name of ["/vault/status", "/vault/secrets", "/farm"])
        holds(`${name} tells a value`, !(await get(name)).text.includes("sk-n"));
    },
  },
  {
    id: "vault-refused",
    section: "http-api §3",
    title: "a vault that is not there, and a secret without name or value, are 400",
    run: async ({ post, send, folder }) => {
      same("no file", (await post("/vault/unlock", { path: join(folder, "none"), passphrase: "x" })).status, 400);
      for (const secret of [
        { name: "", value: "x" },
        { name: "x", value: "" },
      ]) {
        const body = JSON.stringify(secret);
        same(body, (await send("PUT", "/api/v1/vault/secrets", { body, type: "application/json" })).status, 400);
      }
    },
  },
];
