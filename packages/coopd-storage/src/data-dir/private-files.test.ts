import { expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { openStore } from "../index.ts";
import { startChild } from "../testing/child-process.ts";
import { makeTempDir, openTempStore, refusal, warningsTo } from "../testing/temp-store.ts";

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const isRoot = process.geteuid?.() === 0;

if (!isRoot) process.stdout.write("skip: a directory of another user can only be made by root\n");
test.skipIf(!isRoot)("a directory or a file of another user is refused", async () => {
  const dataDir = makeTempDir();
  chownSync(dataDir, 12_345, 12_345);
  const refused = await refusal(openStore({ dataDir }));
  expect([refused.code, refused.details]).toEqual(["store_unavailable", { owner_uid: 12_345, own_uid: 0 }]);
  expect(readdirSync(dataDir)).toEqual([]);
  chownSync(dataDir, 0, 0);
  writeFileSync(join(dataDir, "coop.sqlite"), "");
  chownSync(join(dataDir, "coop.sqlite"), 12_345, 12_345);
  expect((await refusal(openStore({ dataDir }))).code).toBe("store_unavailable");
  rmSync(dataDir, { recursive: true });
});

test("a link, a second name or a directory in the place of one of its files is refused, and frees the directory", async () => {
  const elsewhere = join(makeTempDir(), "elsewhere");
  writeFileSync(elsewhere, "");
  for (const name of ["coop.sqlite", "daemon.lock.sqlite", "coop.sqlite-wal"]) {
    for (const plant of [symlinkSync, linkSync, (_: string, path: string) => mkdirSync(path)]) {
      const dataDir = makeTempDir();
      plant(elsewhere, join(dataDir, name));
      expect((await refusal(openStore({ dataDir }))).code).toBe("store_unavailable");
      rmSync(join(dataDir, name), { recursive: true });
      await (await openStore({ dataDir })).close();
      rmSync(dataDir, { recursive: true });
    }
  }
  rmSync(dirname(elsewhere), { recursive: true });
});

test("a path that cannot be a directory is refused with a next step", async () => {
  const dataDir = makeTempDir();
  writeFileSync(join(dataDir, "file"), "");
  const refused = await refusal(openStore({ dataDir: join(dataDir, "file", "farm") }));
  expect([refused.code, refused.next !== undefined]).toEqual(["store_unavailable", true]);
  rmSync(dataDir, { recursive: true });
});

test("with no umask at all the directory is 0700 and every file in it 0600", async () => {
  const parent = makeTempDir();
  const dataDir = join(parent, "deep", "farm");
  await using child = startChild("holder-process.ts", [dataDir]);
  await child.readLine();
  const files = readdirSync(dataDir).sort();
  expect(files).toEqual(["coop.sqlite", "coop.sqlite-shm", "coop.sqlite-wal", "daemon.json", "daemon.lock.sqlite"]);
  expect(files.map((name) => modeOf(join(dataDir, name)))).toEqual(files.map(() => "600"));
  expect(modeOf(dataDir)).toBe("700");
  await child.kill();
  rmSync(parent, { recursive: true });
});

test("what others may do in a directory and its files is taken away, and said", async () => {
  await using temp = await openTempStore();
  const { dataDir } = temp;
  await temp.store.close();
  chmodSync(dataDir, 0o755);
  chmodSync(join(dataDir, "coop.sqlite"), 0o644);
  const warnings: string[] = [];
  const store = await openStore({ dataDir, log: warningsTo(warnings) });
  expect([modeOf(dataDir), modeOf(join(dataDir, "coop.sqlite"))]).toEqual(["700", "600"]);
  expect(warnings).toEqual([expect.stringContaining('"mode":"0755"'), expect.stringContaining('"mode":"0644"')]);
  await store.close();
});
