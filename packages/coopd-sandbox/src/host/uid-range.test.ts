import { expect, test } from "bun:test";
import { planUids } from "./uid-range.ts";

const NONE = { passwd: "", group: "", subuid: "", subgid: "" };

test("a range in which somebody has an id is refused, with a start that is free", () => {
  expect(planUids(200_000, { ...NONE, passwd: "ann:x:200007:200007::/home/ann:/bin/sh\n" })).toEqual({
    conflict: expect.stringContaining("/etc/passwd: ann"),
  });
  expect(planUids(200_000, { ...NONE, group: "staff:x:265535:\n" })).toEqual({
    conflict: expect.stringContaining("staff"),
  });
  const second = planUids(200_000, { ...NONE, subuid: "ann:100000:65536\nbob:165536:65536\n" });
  expect(second).toEqual({ conflict: expect.stringContaining("COOP_UID_BASE to another start, for instance 300000") });
});

test("a base below the users' own ids, or where ids end, is refused", () => {
  for (const base of [0, 999, 2 ** 31, -5, Number.NaN, 1000.5]) expect(planUids(base, NONE)).toHaveProperty("conflict");
});

test("a free range is planned, its last uid kept for the probe", () => {
  const files = {
    ...NONE,
    passwd: "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
    subuid: "ann:100000:65536\n",
  };
  expect(planUids(200_000, files)).toEqual({ range: { base: 200_000, count: 65_535 }, probeUid: 265_535 });
});
