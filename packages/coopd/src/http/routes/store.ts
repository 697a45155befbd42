import type { Backup, SqliteStore } from "coopd-storage";
import { Hono } from "hono";
import type { VaultKeeper } from "../../vault/vault-keeper.ts";
import { readFlag } from "../query.ts";

/** Pieces are gathered to about this much, bytes: a tree of small files is not one write a file. */
const CHUNK_BYTES = 262_144;

/** What looking after the store needs of it. */
export type StoreCare = Pick<SqliteStore, "backups" | "inspect">;

/**
 * `GET /doctor/store`, and `POST /backup`: the archive as the answer's body, so that a client chooses where it lies and the daemon writes to no path
 * that somebody names. A backup that is broken off lacks its manifest, and so is known to be none.
 */
export function storeRoutes({ backups, inspect }: StoreCare, keeper: VaultKeeper): Hono {
  return new Hono()
    .get("/doctor/store", async (c) => c.json(await inspect()))
    .post("/backup", async (c) => {
      const vaultPath = keeper.status().path ?? undefined;
      const backup = await backups.open({ withWorkdirs: !readFlag(c, "no_workdirs"), vaultPath });
      return new Response(toStream(backup), { headers: { "content-type": "application/x-tar" } });
    });
}

function toStream({ pieces, close }: Backup): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await Bun.sleep(0); // reading is synchronous and short; others come in between
      try {
        const parts: Uint8Array[] = [];
        for (let size = 0; size < CHUNK_BYTES; size += parts.at(-1)?.length ?? 0) {
          const { value, done } = pieces.next();
          if (done === true) {
            close();
            if (parts.length > 0) controller.enqueue(Buffer.concat(parts));
            return controller.close();
          }
          parts.push(value);
        }
        controller.enqueue(Buffer.concat(parts));
      } catch (error) {
        close();
        throw error;
      }
    },
    cancel() {
      pieces.return();
      close();
    },
  });
}
