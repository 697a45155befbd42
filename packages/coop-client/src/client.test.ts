import { afterEach, beforeEach, expect, test } from "bun:test";
import { openClient } from "./client.ts";
import { type FakeDaemon, openFakeDaemon } from "./testing/index.ts";

let daemon: FakeDaemon;
beforeEach(() => {
  daemon = openFakeDaemon();
});
afterEach(() => daemon.close());

const bytes = (text: string) => new TextEncoder().encode(text);

async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

test("a hen's whole life goes through encoded ids", async () => {
  const { hens } = openClient({ baseUrl: daemon.url });
  expect(await hens.create(bytes("name: aria\n"))).toEqual({ id: "local.coop/aria", warnings: [] });
  await expect(hens.create(bytes("name: aria\n"))).rejects.toMatchObject({ code: "hen_exists" });
  await hens.hatch("local.coop/aria");
  expect(daemon.requests.at(-1)?.path).toBe("/api/v1/hens/local.coop%2Faria/hatch");
  expect((await hens.get("local.coop/aria")).state).toBe("IDLE");
  await hens.sleep("local.coop/aria");
  expect((await hens.list({ state: "SLEEPING" })).map((hen) => hen.id as string)).toEqual(["local.coop/aria"]);
  await hens.wake("local.coop/aria");
  expect(await hens.manifest("local.coop/aria")).toEqual({ text: "name: aria\n", revision: undefined });
  await hens.delete("local.coop/aria");
  await expect(hens.get("local.coop/aria")).rejects.toMatchObject({ code: "hen_not_found" });
});

test("a manifest goes as plain YAML, and as a form only with its files", async () => {
  const { hens } = openClient({ baseUrl: daemon.url });
  await hens.create(bytes("name: plain\n"));
  expect(daemon.requests.at(-1)?.headers.get("content-type")).toBe("application/yaml");
  expect(daemon.requests.at(-1)?.body).toBe("name: plain\n");
  await hens.create(bytes("name: formed\n"), { attachments: { "scripts/a.yaml": "turns: []\n" } });
  const sent = daemon.requests.at(-1);
  expect(sent?.headers.get("content-type")).toStartWith("multipart/form-data; boundary=");
  expect(sent?.body).toContain('name="attachment"; filename="scripts/a.yaml"');
  expect(sent?.body).toContain("turns: []");
});

test("warnings come one by one, with commas in them too", async () => {
  daemon.answer("POST /api/v1/hens", () => {
    const headers = new Headers();
    headers.append("x-coop-warning", "memory.semantic_summarize_every: is reserved, and does nothing");
    headers.append("x-coop-warning", "visual: is not used");
    return Response.json("local.coop/a", { status: 201, headers });
  });
  expect((await openClient({ baseUrl: daemon.url }).hens.create(bytes("name: a"))).warnings).toEqual([
    "memory.semantic_summarize_every: is reserved, and does nothing",
    "visual: is not used",
  ]);
});

test("jobs are listed page by page, each once, in order", async () => {
  daemon.farm.addHen("aria");
  const ids = Array.from({ length: 7 }, () => daemon.farm.addJob("local.coop/aria", "x").id);
  const { jobs } = openClient({ baseUrl: daemon.url });
  for (const pageRows of [1, 3, 7, 8])
    expect((await collect(jobs.list({ pageRows }))).map((job) => job.id)).toEqual(ids);
  expect((await collect(jobs.list({ after: ids[4] }))).map((job) => job.id)).toEqual(ids.slice(5));
  expect(await collect(jobs.list({ status: ["RUNNING"] }))).toEqual([]);
  expect(await collect(jobs.list({ henId: "local.coop/other" }))).toEqual([]);
});

test("a manifest is looked at and its schema read; a daemon without one is no coopd", async () => {
  daemon.answer("POST /api/v1/manifests/check", () =>
    Response.json({
      ok: false,
      faults: [{ line: 1, column: 1, path: "", message: "x" }],
      warnings: [],
      manifest: null,
    }),
  );
  const { manifests } = openClient({ baseUrl: daemon.url });
  expect((await manifests.check(bytes("name: aria\n"))).faults).toHaveLength(1);
  expect(daemon.requests.at(-1)).toMatchObject({ method: "POST", body: "name: aria\n" });
  daemon.answer("GET /api/v1/openapi.json", () =>
    Response.json({ components: { schemas: { Manifest: { type: "object" } } } }),
  );
  expect(await manifests.schema()).toEqual({ type: "object" });
  daemon.answer("GET /api/v1/openapi.json", () => Response.json({ components: {} }));
  await expect(manifests.schema()).rejects.toMatchObject({ code: "bad_answer" });
});

test("children are asked for, and picked out of what a daemon answers that knows no children", async () => {
  daemon.farm.addHen("aria");
  daemon.farm.addJob("local.coop/aria", "x");
  const { jobs } = openClient({ baseUrl: daemon.url });
  expect(await collect(jobs.list({ parentJobId: "p" }))).toEqual([]);
  expect(daemon.requests.at(-1)?.path).toContain("parent_job_id=p");
});

test("a daemon that ignores limit, after and status is read once and filtered here", async () => {
  const original = openFakeDaemon({ isOriginal: true });
  try {
    original.farm.addHen("aria");
    const ids = Array.from({ length: 4 }, () => original.farm.addJob("local.coop/aria", "x").id);
    original.farm.moveJob(ids[1] ?? "", "RUNNING");
    const { jobs } = openClient({ baseUrl: original.url });
    for (const pageRows of [2, 4, 10])
      expect((await collect(jobs.list({ pageRows }))).map((job) => job.id)).toEqual(ids);
    expect((await collect(jobs.list({ status: ["RUNNING"] }))).map((job) => job.id)).toEqual(ids.slice(1, 2));
    await expect(collect(jobs.journal(ids[0] ?? ""))).rejects.toMatchObject({ code: "not_found" });
  } finally {
    await original.close();
  }
});

test("a journal is read page by page behind any entry", async () => {
  daemon.farm.addHen("aria");
  const { id } = daemon.farm.addJob("local.coop/aria", "x");
  for (let i = 0; i < 5; i += 1) daemon.farm.append(id, { kind: "note", text: `note ${i}` });
  const { jobs } = openClient({ baseUrl: daemon.url });
  expect((await collect(jobs.journal(id, { pageRows: 2 }))).map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
  expect((await collect(jobs.journal(id, { after: 3 }))).map((entry) => entry.seq)).toEqual([4, 5]);
  await expect(collect(jobs.journal("nope"))).rejects.toMatchObject({ code: "job_not_found" });
});

test("memory is read, cut to the newest and forgotten", async () => {
  daemon.farm.addHen("aria");
  for (const prompt of ["one", "two"]) {
    daemon.farm.moveJob(daemon.farm.addJob("local.coop/aria", prompt).id, "DONE", { result: prompt });
  }
  const { hens } = openClient({ baseUrl: daemon.url });
  expect((await hens.memory("local.coop/aria", { limit: 1 })).map((episode) => episode.summary)).toEqual(["two"]);
  expect(await hens.memory("local.coop/aria", { limit: 0 })).toEqual([]);
  expect(await hens.forget("local.coop/aria")).toBe(2);
});

test("tasks go to the routes of the contract", async () => {
  const { tasks } = openClient({ baseUrl: daemon.url });
  daemon.answer("POST /api/v1/tasks", () => Response.json({ task_id: "t1" }, { status: 202 }));
  daemon.answer("GET /api/v1/tasks", () => Response.json([{ id: "t1", status: "PENDING" }]));
  daemon.answer("DELETE /api/v1/tasks/t1", () => Response.json({ ok: true }));
  expect(await tasks.submit("tidy", "claude-code")).toBe("t1");
  expect(JSON.parse(daemon.requests.at(-1)?.body ?? "")).toEqual({
    prompt: "tidy",
    required_agent_kind: "claude-code",
  });
  expect((await tasks.list()).map((task) => task.id as string)).toEqual(["t1"]);
  await tasks.finish("t1");
  expect(daemon.requests.at(-1)).toMatchObject({ method: "POST", path: "/api/v1/tasks/t1/done" });
  await tasks.cancel("t1");
});

test("jobs come from the newest on, page by page, from a daemon that knows only the other order too", async () => {
  for (const isOriginal of [false, true]) {
    const other = openFakeDaemon({ isOriginal });
    other.farm.addHen("aria");
    const ids = Array.from({ length: 7 }, () => other.farm.addJob("local.coop/aria", "x").id as string);
    const { jobs } = openClient({ baseUrl: other.url });
    const down = async (options: object) =>
      (await collect(jobs.list({ order: "desc", ...options }))).map((job) => job.id as string);
    for (const pageRows of [2, 3, 7, 100]) expect(await down({ pageRows })).toEqual(ids.toReversed());
    expect(await down({ after: ids[3] })).toEqual(ids.slice(0, 3).reverse());
    expect(await down({ until: "2000-01-01T00:00:00Z" })).toEqual([]);
    expect(await down({ text: "y" })).toEqual([]);
    await other.close();
  }
});
