import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHen, FARM_COOP_ID, toHenId, toInstant } from "coopd-core";
import { parseManifestBytes } from "coopd-core/manifest";
import { openStore, type SqliteStore } from "coopd-storage";
import { promptHen } from "../testing/daemon-under-test.ts";
import { openEventBus } from "./bus.ts";
import { Watcher } from "./watcher.ts";

let dir: string;
let store: SqliteStore;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "coopd-pruned-"));
  store = await openStore({ dataDir: dir });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A client that takes everything at once. */
function openSocket() {
  const sent: string[] = [];
  const socket = {
    send: (line: string) => sent.push(line),
    bufferedBytes: () => 0,
    together: (work: () => void) => work(),
    close() {},
  };
  return { socket, sent };
}

/** What a watcher behind `since` is sent. */
async function watchFrom(since: number): Promise<readonly { readonly type: string }[]> {
  const { socket, sent } = openSocket();
  const watcher = new Watcher(socket, store, await openEventBus(store), since);
  await watcher.catchUp();
  watcher.close();
  return sent.map((line) => JSON.parse(line));
}

test("a watcher that asks for events that are not kept any more is told which, and gets the rest", async () => {
  const { manifest } = parseManifestBytes(new TextEncoder().encode(promptHen("ada")));
  for (let n = 1; n <= 6; n += 1) {
    const id = toHenId(FARM_COOP_ID, `h${n}`);
    await store.createHen({ hen: createHen(id, manifest, toInstant(Date.UTC(2026, 0, n))), manifestText: "" });
  }
  const { eventSeq } = await store.counts();
  const at = toInstant(Date.UTC(2026, 0, 7));
  const { events } = await store.prune({ at, eventsMs: 365 * 86_400_000, eventsMax: 2, egressMs: 86_400_000 });
  expect(events).toBe(eventSeq - 2);
  expect((await watchFrom(0))[0]).toEqual({ type: "gap", from: 1, to: eventSeq - 2, reason: "pruned" } as never);
  expect((await watchFrom(0)).length).toBe(3);
  expect((await watchFrom(eventSeq - 2)).map(({ type }) => type)).not.toContain("gap");
});

test("a watcher that was further than this farm ever was is told so, and then hears everything", async () => {
  const { manifest } = parseManifestBytes(new TextEncoder().encode(promptHen("ada")));
  const create = (n: number) => {
    const hen = createHen(toHenId(FARM_COOP_ID, `h${n}`), manifest, toInstant(Date.UTC(2026, 0, n)));
    return store.createHen({ hen, manifestText: "" });
  };
  await create(20);
  const { eventSeq } = await store.counts();
  const bus = await openEventBus(store);
  const { socket, sent } = openSocket();
  const watcher = new Watcher(socket, store, bus, eventSeq + 1_000);
  await watcher.catchUp();
  await create(21);
  bus.flush();
  watcher.close();
  const frames = sent.map((line) => JSON.parse(line));
  expect(frames[0]).toEqual({ type: "gap", from: eventSeq + 1_001, to: eventSeq, reason: "reset" });
  expect(frames.slice(1).map(({ type, seq }) => [type, seq])).toEqual([["hen_created", eventSeq + 1]]);
});
