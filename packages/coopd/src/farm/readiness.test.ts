import { expect, test } from "bun:test";
import { CoopError, type HostWalls, type Store } from "coopd-core";
import { createReadiness } from "./readiness.ts";

const HOLDS: HostWalls = { confine: { holds: true }, networkOff: { holds: true }, gate: { holds: true } };
const BROKEN: HostWalls = { ...HOLDS, confine: { holds: false, reason: "bwrap is missing" } };
type ReadyStore = Pick<Store, "counts" | "putSetting">;
const healthy: ReadyStore = {
  putSetting: async () => {},
  counts: async () => ({
    hensByState: {},
    queued: 0,
    running: 0,
    ended: { done: 0, failed: 0, cancelled: 0 },
    eventSeq: 0,
  }),
};
const full: ReadyStore = {
  ...healthy,
  putSetting: async () => {
    throw new CoopError("disk_full", "the disk is full");
  },
};

test("a disk that takes nothing and walls that do not hold are not ready, each with its reason", async () => {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs };
  const parts = { store: healthy, walls: HOLDS, areWallsWanted: true, clock };
  await expect(createReadiness({ ...parts, store: full })()).rejects.toMatchObject({
    code: "not_ready",
    message: "not ready: store: the disk is full",
  });
  await expect(createReadiness({ ...parts, walls: BROKEN })()).rejects.toMatchObject({
    code: "not_ready",
    details: { what: "walls", reason: "bwrap is missing" },
  });
  await createReadiness({ ...parts, walls: BROKEN, areWallsWanted: false })();
  let writes = 0;
  const putSetting = async () => {
    writes += 1;
  };
  const counting: ReadyStore = { ...healthy, putSetting };
  const ready = createReadiness({ ...parts, store: counting });
  await Promise.all([ready(), ready(), ready()]);
  expect(writes).toBe(1);
  nowMs = 1_000;
  await ready();
  expect(writes).toBe(2);
});
