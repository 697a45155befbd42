import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Episode, Hen } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

const path = (hen: string) => `/hens/${encodeURIComponent(hen)}`;
const memory = async (hen: string) => (await daemon.call("GET", `${path(hen)}/memory`)).json as Episode[];
const lineage = async (hen: string) => ((await daemon.call("GET", path(hen))).json as Hen).lineage;
const heir = (name: string, from: string) => promptHen(name, `memory: {inherit_from: ${from}}\n`);

test("a parent that is not there is a warning, and the hen is an original", async () => {
  const answer = await fetch(`${daemon.base}/api/v1/hens`, {
    method: "POST",
    body: heir("orphan", "local.coop/nobody"),
  });
  expect([answer.status, answer.headers.get("x-coop-warning")]).toEqual([
    201,
    "memory.inherit_from: there is no hen local.coop/nobody; nothing was inherited",
  ]);
  expect(await lineage("local.coop/orphan")).toEqual({ parent: null, generation: 1 });
});

test("a child has its parent's episodes as its own, counts a generation more, and keeps them when the parent forgets", async () => {
  const parent = await daemon.hatch(promptHen("mother"));
  for (const text of ["one", "two"]) await daemon.ended(await daemon.submit(parent, `- text: ${text}\n`));
  const child = await daemon.hatch(heir("daughter", parent));
  const grandchild = await daemon.hatch(heir("niece", child));
  const [told, kept] = [await memory(parent), await memory(child)];
  expect(kept.map(({ summary, at, job_id }) => ({ summary, at, job_id }))).toEqual(
    told.map(({ summary, at, job_id }) => ({ summary, at, job_id })),
  );
  expect(kept.every(({ hen_id, id }) => hen_id === child && told.every((episode) => episode.id !== id))).toBe(true);
  expect([await lineage(parent), await lineage(child), await lineage(grandchild)]).toEqual([
    { parent: null, generation: 1 },
    { parent: parent as Hen["id"], generation: 2 },
    { parent: child as Hen["id"], generation: 3 },
  ]);
  expect((await daemon.call("DELETE", `${path(parent)}/memory`)).json).toEqual({ forgotten: 2 });
  expect((await memory(child)).length).toBe(2);
});
