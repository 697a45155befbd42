import { expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore, readHolder } from "../index.ts";
import { startChild } from "../testing/child-process.ts";
import { makeTempDir, openTempStore, refusal } from "../testing/temp-store.ts";

const ADDRESS = "127.0.0.1:9700";

test("a second daemon is refused with the holder's pid and address, from this and from another process", async () => {
  const dataDir = makeTempDir();
  await using holder = startChild("holder-process.ts", [dataDir, ADDRESS]);
  expect(await holder.readLine()).toBe("ready");
  const here = await refusal(openStore({ dataDir }));
  await using second = startChild("holder-process.ts", [dataDir]);
  const there = JSON.parse((await second.readLine()) ?? "");
  for (const { code, details, next, message } of [here, there]) {
    expect([code, details]).toEqual(["store_locked", { pid: holder.pid, address: ADDRESS }]);
    expect(`${message} ${next}`).toContain(`kill ${holder.pid}`);
  }
  expect(await readHolder(dataDir)).toEqual({ pid: holder.pid, address: ADDRESS });
  await holder.finish();
  expect(await readHolder(dataDir)).toBeUndefined();
  rmSync(dataDir, { recursive: true });
});

test("a second open in the same process is refused, and neither it nor a look at the holder frees the directory", async () => {
  await using temp = await openTempStore();
  for (let round = 0; round < 3; round += 1) {
    expect((await refusal(openStore({ dataDir: temp.dataDir }))).code).toBe("store_locked");
    expect(await readHolder(temp.dataDir)).toEqual({ pid: process.pid, address: undefined });
  }
  await using other = startChild("holder-process.ts", [temp.dataDir]);
  expect(JSON.parse((await other.readLine()) ?? "")).toMatchObject({ details: { pid: process.pid } });
});

test("kill -9 frees the directory at once, though its record stays, and the next daemon's record replaces it", async () => {
  const dataDir = makeTempDir();
  await using first = startChild("holder-process.ts", [dataDir, ADDRESS]);
  await first.readLine();
  await first.kill();
  expect(JSON.parse(readFileSync(join(dataDir, "daemon.json"), "utf8")).pid).toBe(first.pid);
  expect(await readHolder(dataDir)).toBeUndefined();
  const store = await openStore({ dataDir });
  expect(await readHolder(dataDir)).toEqual({ pid: process.pid, address: undefined });
  await store.close();
  rmSync(dataDir, { recursive: true });
});

test("a record that names a living process holds nothing: only the lock counts", async () => {
  const dataDir = makeTempDir();
  await (await openStore({ dataDir })).close();
  const record = { pid: process.pid, address: ADDRESS, started_at: "2026-01-01T00:00:00Z", version: null };
  writeFileSync(join(dataDir, "daemon.json"), JSON.stringify(record));
  expect(await readHolder(dataDir)).toBeUndefined();
  await (await openStore({ dataDir })).close();
  rmSync(dataDir, { recursive: true });
});

test("without a readable record the holder is still seen, without a name", async () => {
  await using temp = await openTempStore();
  writeFileSync(join(temp.dataDir, "daemon.json"), "{");
  expect(await readHolder(temp.dataDir)).toEqual({ pid: undefined, address: undefined });
  const refused = await refusal(openStore({ dataDir: temp.dataDir }));
  expect([refused.code, refused.message]).toEqual(["store_locked", "a daemon holds this data directory"]);
});

test("the record says pid, address, start and version, is private, and is gone after a close in good order", async () => {
  const dataDir = makeTempDir();
  const store = await openStore({ dataDir, version: "1.2.3", clock: { nowMs: () => 0 } });
  const path = join(dataDir, "daemon.json");
  const read = () => JSON.parse(readFileSync(path, "utf8"));
  expect(read()).toEqual({ pid: process.pid, address: null, started_at: "1970-01-01T00:00:00Z", version: "1.2.3" });
  await store.publishHolder({ address: ADDRESS });
  expect(read().address).toBe(ADDRESS);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await store.close();
  expect(existsSync(path)).toBe(false);
  rmSync(dataDir, { recursive: true });
});

test("nobody holds a directory that is not there or was never a farm's", async () => {
  const dataDir = makeTempDir();
  expect(await readHolder(dataDir)).toBeUndefined();
  expect(await readHolder(join(dataDir, "nothing"))).toBeUndefined();
  rmSync(dataDir, { recursive: true });
});
