import { expect, test } from "bun:test";
import type { JobWaiting } from "coopd-core";
import { openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

test("a job is told why it waits, for as long as it does", async () => {
  await using daemon = await openDaemonUnderTest({});
  const waiting = async (id: string) => (await daemon.call("GET", `/jobs/${id}/waiting`)).json as JobWaiting;
  expect(await daemon.call("GET", "/jobs/nothing/waiting")).toMatchObject({
    status: 404,
    json: { code: "job_not_found" },
  });
  const hen = await daemon.hatch(promptHen("ada"));
  const running = await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n");
  while (!(await daemon.journal(running)).some(({ kind }) => kind === "brain.request")) await Bun.sleep(5);
  const second = await daemon.submit(hen, "- text: second\n");
  const third = await daemon.submit(hen, "- text: third\n");
  expect(await waiting(running)).toMatchObject({ status: "RUNNING", kind: null, waiting_for: null, running: [] });
  expect(await waiting(second)).toMatchObject({ kind: "hen_busy", ahead: 0, running: [running] });
  expect(await waiting(third)).toMatchObject({ status: "QUEUED", kind: "hen_busy", ahead: 1 });
  await daemon.call("POST", "/farm/stop");
  expect(await waiting(third)).toMatchObject({ kind: "farm_stopped", next: "coop farm resume", ahead: 1, running: [] });
  await daemon.call("POST", "/farm/resume");
  await daemon.ended(third);
  expect(await waiting(third)).toMatchObject({ status: "DONE", kind: null, ahead: 0 });
});

test("a farm whose places are all taken is the reason where the hen itself is free", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_JOBS_AT_ONCE: "1" });
  const [busy, free] = [await daemon.hatch(promptHen("busy")), await daemon.hatch(promptHen("free"))];
  const running = await daemon.submit(busy, "- {delay_ms: 60000, text: late}\n");
  while (!(await daemon.journal(running)).some(({ kind }) => kind === "brain.request")) await Bun.sleep(5);
  const id = await daemon.submit(free, "- text: soon\n");
  const { json } = await daemon.call("GET", `/jobs/${id}/waiting`);
  expect(json).toMatchObject({ kind: "farm_busy", waiting_for: "one of the farm's 1 places, which are all taken" });
  await daemon.call("POST", `/jobs/${running}/cancel`);
  expect((await daemon.ended(id)).result).toBe("soon");
});
