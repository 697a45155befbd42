import { existsSync } from "node:fs";
import { join } from "node:path";
import { CoopError } from "coopd-core";
import { openStore, type SqliteStore } from "coopd-storage";

/**
 * Takes a data directory that no daemon holds; whoever opened it closes it. It makes none.
 * @throws CoopError `bad_request` when there is no store in it, `store_locked` while a daemon holds it
 */
export async function openExistingStore(dataDir: string): Promise<SqliteStore> {
  if (existsSync(join(dataDir, "coop.sqlite"))) return openStore({ dataDir });
  throw new CoopError("bad_request", `${dataDir} is not a data directory of Coop: there is no coop.sqlite in it`);
}
