import { expect, test } from "bun:test";
import type { Job } from "coopd-core";
import { openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

const SAY = (text: string) => JSON.stringify([{ text }]);

test("a filter that cannot be read is refused by name", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
  const bad = ["since=yesterday", "since=2026-03-01T10:00:00", "until=", "order=up", "q=", `q=${"x".repeat(257)}`];
  for (const query of [...bad, "q=a&q=b", "limit=0", "limit=1001"]) {
    const { status, json } = await daemon.call("GET", `/jobs?${query}`);
    expect([query, status, (json as { code: string }).code]).toEqual([query, 400, "bad_query"]);
  }
  for (const query of ["limit=0", "limit=x"]) expect((await daemon.call("GET", `/hens?${query}`)).status).toBe(400);
});

test("jobs are listed by time, by text and from either end, page by page", async () => {
  await using daemon = await openDaemonUnderTest({});
  const hen = await daemon.hatch(promptHen("ada"));
  const ids: string[] = [];
  for (const word of ["Rye", "oats", "RYE and oats", "wheat"]) ids.push(await daemon.submit(hen, SAY(word)));
  for (const id of ids) await daemon.ended(id);
  const list = async (query: string) => {
    const { status, json } = await daemon.call("GET", `/jobs?${query}`);
    expect(status).toBe(200);
    return (json as readonly Job[]).map((job) => ids.indexOf(job.id));
  };
  const used = (await daemon.call("GET", "/hens/local.coop%2Fada/usage")).json;
  expect(used).toMatchObject({ jobs: { done: 4, failed: 0, cancelled: 0 }, turns: 4 });
  expect((await daemon.call("GET", "/hens/local.coop%2Fbob/usage")).status).toBe(404);
  expect(await list("q=rye")).toEqual([0, 2]);
  expect(await list("q=rye&limit=1")).toEqual([0]);
  expect(await list(`q=rye&limit=1&after=${ids[0]}`)).toEqual([2]);
  expect(await list("q=rye&order=desc")).toEqual([2, 0]);
  expect(await list("q=barley")).toEqual([]);
  expect(await list("order=desc")).toEqual([3, 2, 1, 0]);
  expect(await list(`order=desc&limit=2&after=${ids[3]}`)).toEqual([2, 1]);
  expect(await list("order=desc&limit=2&status=DONE")).toEqual([3, 2]);
  const third = ((await daemon.call("GET", `/jobs/${ids[2]}`)).json as Job).created_at;
  const [since, until] = [encodeURIComponent(third), encodeURIComponent(third.replace("Z", "+00:00"))];
  expect(await list(`since=${since}`)).toEqual([2, 3]);
  expect(await list(`until=${until}&hen_id=local.coop%2Fada`)).toEqual([0, 1]);
  expect(await list(`since=${since}&until=${until}`)).toEqual([]);
});

test("hens are listed page by page", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
  for (const name of ["cleo", "ada", "bob"]) await daemon.call("POST", "/hens", promptHen(name));
  const list = async (query: string) =>
    ((await daemon.call("GET", `/hens${query}`)).json as { id: string }[]).map(({ id }) => id.split("/")[1]);
  expect(await list("")).toEqual(["ada", "bob", "cleo"]);
  expect(await list("?limit=2")).toEqual(["ada", "bob"]);
  expect(await list("?limit=2&after=local.coop%2Fbob")).toEqual(["cleo"]);
  expect(await list("?after=local.coop%2Fada&state=DEFINED")).toEqual(["bob", "cleo"]);
});
