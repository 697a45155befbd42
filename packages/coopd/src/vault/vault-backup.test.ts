import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restoreBackup, verifyBackup } from "coopd-storage";
import { Secret, Vault } from "coopd-vault";
import { quickDerive } from "coopd-vault/testing";
import { openDaemonUnderTest } from "../testing/daemon-under-test.ts";

setDefaultTimeout(60_000); // a loaded machine is slow, and time is not what is tested

/** With a quick derivation: what is slow about a vault is tested where it is made. */
const openQuick = (env: Record<string, string> = {}, dir?: string) =>
  openDaemonUnderTest(env, dir, { derive: quickDerive });

const folder = mkdtempSync(join(tmpdir(), "coopd-vault-backup-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function backUp(base: string, name: string): Promise<string> {
  const response = await fetch(`${base}/api/v1/backup`, { method: "POST" });
  writeFileSync(join(folder, name), Buffer.from(await response.arrayBuffer()));
  return join(folder, name);
}

test("a backup holds the vault in use, open or locked; what is restored means that one", async () => {
  const path = join(folder, "vault.json");
  {
    using vault = await Vault.create({ path, passphrase: new Secret("p"), derive: quickDerive });
    vault.put("key", new Secret("sk-1"));
  }
  let file = "";
  {
    await using daemon = await openQuick();
    await daemon.call("POST", "/vault/unlock", { path, passphrase: "p" });
    file = await backUp(daemon.base, "open.coop");
    expect(verifyBackup(file).files.map((entry) => entry.path)).toEqual(["coop.sqlite", "vault.json"]);
    await daemon.call("POST", "/vault/lock");
    expect(verifyBackup(await backUp(daemon.base, "locked.coop")).files.length).toBe(2);
    rmSync(path);
    const { skipped } = verifyBackup(await backUp(daemon.base, "gone.coop"));
    expect(skipped).toEqual([{ path: "vault.json", reason: `the vault ${path} cannot be read (ENOENT)` }]);
  }
  const dataDir = join(folder, "restored");
  restoreBackup(file, dataDir);
  const restored = join(dataDir, "vault.json");
  expect((statSync(restored).mode & 0o777).toString(8)).toBe("600");
  await using daemon = await openQuick({}, dataDir);
  expect((await daemon.call("GET", "/vault/status")).json).toMatchObject({ unlocked: false, path: restored });
  await daemon.call("POST", "/vault/unlock", { path: restored, passphrase: "p" });
  expect((await daemon.call("GET", "/vault/secrets")).json).toMatchObject({ names: ["key"] });
}, 20_000);
