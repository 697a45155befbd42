import { expect, test } from "bun:test";
import { at, henId, jobId, NO_LIMITS, sampleHen, sampleJob, settlement } from "../testing/samples.ts";
import { openTempStore, refusal, type TempStore } from "../testing/temp-store.ts";

/** A hen with three jobs of which the first is claimed. */
async function openWorking(slots = 1): Promise<TempStore> {
  const temp = await openTempStore();
  await temp.store.createHen({ hen: sampleHen("ada", { slots }), manifestText: "" });
  for (const n of [1, 2, 3]) {
    await temp.store.enqueue({
      job: sampleJob(n, "ada"),
      hen: { from: ["IDLE", "WORKING"], moves: [] },
      limits: NO_LIMITS,
    });
  }
  expect(await claimed(temp, 1)).toEqual([jobId(1)]);
  return temp;
}

const claimed = async (temp: TempStore, count: number) =>
  (await temp.store.claim({ count, at: at(10) })).map(({ job }) => job.id);

const park = (temp: TempStore, epoch = 1, needs: "vault" | "walls" = "vault") =>
  temp.store.park({ jobId: jobId(1), epoch, at: at(20), facts: [{ kind: "note", text: "waits" }], needs });

test("an old claim parks nothing, and an ended job stays ended", async () => {
  await using temp = await openWorking();
  expect((await refusal(park(temp, 0))).code).toBe("stale_epoch");
  await temp.store.settle({ jobId: jobId(1), epoch: 1, at: at(20), facts: [], settlement: settlement(1) });
  expect((await refusal(park(temp))).code).toBe("stale_epoch");
  expect((await temp.store.job(jobId(1)))?.status).toBe("DONE");
});

test("a job whose end was asked for is not put back, where the asking would be forgotten", async () => {
  await using temp = await openWorking();
  await temp.store.cancel(jobId(1), at(15));
  expect((await refusal(park(temp))).code).toBe("cancelled");
  expect((await temp.store.job(jobId(1)))?.status).toBe("RUNNING");
  expect(await temp.store.findFaults()).toEqual([]);
});

test("a parked job waits with its journal, its hen is free, and nothing of that hen is claimed until the need is met", async () => {
  await using temp = await openWorking();
  await temp.store.append({ jobId: jobId(1), epoch: 1, at: at(12), facts: [{ kind: "note", text: "began" }] });
  expect((await park(temp)).status).toBe("QUEUED");
  expect((await temp.store.hen(henId("ada")))?.state).toBe("IDLE");
  expect(await temp.store.counts()).toMatchObject({ queued: 3, running: 0 });
  expect(await claimed(temp, 9)).toEqual([]);
  await temp.store.holdHen(henId("ada"), "walls", false); // another reason's end is not this one's
  expect(await claimed(temp, 9)).toEqual([]);
  expect(await temp.store.findFaults()).toEqual([]);
  await temp.store.holdHen(henId("ada"), "vault", false);
  const [claim] = await temp.store.claim({ count: 9, at: at(30) });
  expect(claim).toMatchObject({ job: { id: jobId(1), started_at: at(10) }, epoch: 2 });
  expect(claim?.journal.map((entry) => "text" in entry && entry.text)).toEqual(["began", "waits"]);
});

test("what a parked job has used counts when it is cancelled in its queue", async () => {
  await using temp = await openWorking();
  const usage = { input_tokens: 7, output_tokens: 5, cache_tokens: 0, cache_write_tokens: 0 };
  const progress = { turns: 2, usage };
  await temp.store.append({ jobId: jobId(1), epoch: 1, at: at(12), facts: [{ kind: "note", text: "n" }], progress });
  await park(temp);
  await temp.store.cancel(jobId(1), at(25));
  expect(await temp.store.henUsage(henId("ada"))).toMatchObject({ turns: 2, ...usage });
});

test("a new daemon lets the hen go and finds out for itself", async () => {
  await using temp = await openWorking();
  await park(temp, 1, "walls");
  await temp.reopen();
  expect(await claimed(temp, 9)).toEqual([]);
  expect(await temp.store.takeOver(at(40))).toEqual([]);
  expect(await claimed(temp, 9)).toEqual([jobId(1)]);
});
