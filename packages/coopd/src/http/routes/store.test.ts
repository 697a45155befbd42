import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreReport } from "coopd-core";
import { restoreBackup, verifyBackup } from "coopd-storage";
import { openDaemonUnderTest, promptHen } from "../../testing/daemon-under-test.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "coopd-backup-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const bash = (command: string) => JSON.stringify([{ tools: [{ name: "bash", input: { command } }] }, { text: "done" }]);

async function download(base: string, query = ""): Promise<Buffer> {
  const response = await fetch(`${base}/api/v1/backup${query}`, { method: "POST" });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-tar"]);
  return Buffer.from(await response.arrayBuffer());
}

test("a restored farm goes on: its jobs are there, and its hens work on in their own workdirs", async () => {
  const file = join(dir, "farm.coop");
  let first = "";
  {
    await using daemon = await openDaemonUnderTest({});
    const hen = await daemon.hatch(promptHen("ada"));
    first = await daemon.submit(hen, bash("mkdir -p d && echo one >d/log && chmod 600 d/log && ln -s d/log l"));
    expect((await daemon.ended(first)).status).toBe("DONE");
    writeFileSync(file, await download(daemon.base));
  }
  expect(verifyBackup(file).skipped).toEqual([]);
  const dataDir = join(dir, "restored");
  restoreBackup(file, dataDir);
  await using daemon = await openDaemonUnderTest({}, dataDir);
  expect((await daemon.call("GET", `/jobs/${first}`)).json).toMatchObject({ id: first, status: "DONE" });
  const second = await daemon.ended(await daemon.submit("local.coop/ada", bash("echo two >>l && echo three >d/new")));
  expect(second.status).toBe("DONE");
  const home = join(dataDir, "workdirs/local-coop__ada");
  expect(readFileSync(join(home, "d/log"), "utf8")).toBe("one\ntwo\n");
  const owners = new Set([".", "d", "d/log", "d/new"].map((path) => statSync(join(home, path)).uid));
  expect(owners.size).toBe(1);
  if (process.getuid?.() === 0) expect(owners.has(0)).toBe(false);
});

test("workdirs stay out when nobody wants them, and a client that goes away leaves nothing behind", async () => {
  await using daemon = await openDaemonUnderTest({});
  const hen = await daemon.hatch(promptHen("ada"));
  await daemon.ended(await daemon.submit(hen, bash("head -c 30000000 /dev/zero >big")));
  const file = join(dir, "farm.coop");
  writeFileSync(file, await download(daemon.base, "?no_workdirs=true"));
  expect(verifyBackup(file).files.map(({ path }) => path)).toEqual(["coop.sqlite"]);
  const leaving = new AbortController();
  const broken = await fetch(`${daemon.base}/api/v1/backup`, { method: "POST", signal: leaving.signal });
  await broken.body?.getReader().read();
  leaving.abort();
  for (let tries = 0; existsSync(join(daemon.dataDir, "coop.sqlite.backup")) && tries < 200; tries += 1)
    await Bun.sleep(20);
  expect(existsSync(join(daemon.dataDir, "coop.sqlite.backup"))).toBe(false);
  writeFileSync(file, await download(daemon.base));
  expect(verifyBackup(file).files.length).toBe(2);
});

test("the store's report counts what there is", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
  await daemon.call("POST", "/hens", promptHen("ada"));
  const { status, json } = await daemon.call("GET", "/doctor/store");
  const report = json as StoreReport;
  const file = new Database(join(daemon.dataDir, "coop.sqlite"), { readonly: true });
  expect(file.query("PRAGMA user_version").get()).toEqual({ user_version: report.schema_version });
  file.close();
  expect([status, report.rows.hens, report.quarantined]).toEqual([200, 1, 0]);
});
