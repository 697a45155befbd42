import { expect, test } from "bun:test";
import { at, henId, NO_LIMITS, sampleHen, sampleJob } from "../testing/samples.ts";
import { openTempStore, refusal } from "../testing/temp-store.ts";

const ID = henId("ada");
const OPEN = { policy: "open", allow: [] } as const;

test("of a hen that is not there, or of an older revision, nothing is changed", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const { manifest } = sampleHen("ada");
  const put = (revision: number, text: string) =>
    store.putManifest({ id: ID, revision, manifest: { ...manifest, network: OPEN }, manifestText: text, at: at(1) });
  expect((await refusal(put(1, "x"))).code).toBe("hen_not_found");
  await store.createHen({ hen: sampleHen("ada"), manifestText: "old" });
  for (const revision of [0, 2]) {
    const refused = await refusal(put(revision, "x"));
    expect([refused.code, refused.details?.found]).toEqual(["revision_conflict", 1]);
  }
  expect([(await store.hen(ID))?.manifest, await store.manifestText(ID)]).toEqual([manifest, "old"]);
  expect(temp.events.map(({ type }) => type)).toEqual(["hen_created"]);
});

test("of many callers that saw the same revision one wins, whole, and it holds over a restart", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const hen = await store.createHen({ hen: sampleHen("ada"), manifestText: "old" });
  const puts = await Promise.allSettled(
    Array.from({ length: 8 }, (_, n) => {
      const manifest = { ...hen.manifest, tools: [`tool-${n}`] };
      return store.putManifest({ id: ID, revision: 1, manifest, manifestText: `text-${n}`, at: at(n) });
    }),
  );
  const won = puts.findIndex(({ status }) => status === "fulfilled");
  expect(puts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await temp.reopen();
  const found = await temp.store.hen(ID);
  expect([found?.manifest.tools, found?.manifest_revision]).toEqual([[`tool-${won}`], 2]);
  expect(found?.updated_at).toBe(hen.updated_at);
  expect(await temp.store.manifestText(ID)).toBe(`text-${won}`);
  expect(temp.events.slice(1)).toEqual([{ type: "hen_manifest_changed", id: ID, revision: 2, seq: 2, at: at(won) }]);
});

test("more slots let waiting jobs be claimed; fewer than jobs that run are refused", async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.createHen({ hen: sampleHen("ada"), manifestText: "" });
  for (const n of [1, 2]) {
    await store.enqueue({ job: sampleJob(n, "ada"), hen: { from: ["IDLE", "WORKING"], moves: [] }, limits: NO_LIMITS });
  }
  expect(await store.claim({ count: 5, at: at(1) })).toHaveLength(1);
  const withSlots = (slots: number) => sampleHen("ada", { slots }).manifest;
  await store.putManifest({ id: ID, revision: 1, manifest: withSlots(2), manifestText: "", at: at(2) });
  expect(await store.claim({ count: 5, at: at(3) })).toHaveLength(1);
  const put = store.putManifest({ id: ID, revision: 2, manifest: withSlots(1), manifestText: "", at: at(4) });
  expect((await refusal(put)).code).toBe("hen_busy");
  expect(await store.findFaults()).toEqual([]);
});
