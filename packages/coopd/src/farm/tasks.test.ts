import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TaskView } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest } from "../testing/daemon-under-test.ts";

let dataDir: string;
let daemon: DaemonUnderTest;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "coopd-tasks-"));
  daemon = await openDaemonUnderTest({ COOP_MAX_PROMPT_BYTES: "200" }, dataDir);
});
afterAll(async () => {
  await daemon.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const add = (body: object) => daemon.call("POST", "/tasks", body);
const list = async (query = "") => (await daemon.call("GET", `/tasks${query}`)).json as readonly TaskView[];
async function added(body: object): Promise<string> {
  const { status, json } = await add(body);
  expect(status).toBe(202);
  return (json as { task_id: string }).task_id;
}

test("a blank or long prompt, an unknown kind, an unknown id and a task that is over are refused", async () => {
  expect(await add({ prompt: " \n" })).toMatchObject({ status: 400, json: { code: "bad_request" } });
  expect((await add({ prompt: "x".repeat(201) })).status).toBe(413);
  expect((await add({ prompt: "x", required_agent_kind: "robot" })).status).toBe(422);
  expect((await add({})).status).toBe(422);
  expect(await daemon.call("POST", "/tasks/nothing/done")).toMatchObject({
    status: 404,
    json: { code: "task_not_found" },
  });
  const id = await added({ prompt: "once" });
  expect(await daemon.call("POST", `/tasks/${id}/done`)).toEqual({ status: 200, json: { ok: true } });
  expect(await daemon.call("DELETE", `/tasks/${id}`)).toMatchObject({ status: 400, json: { code: "illegal_move" } });
});

test("a task says what it waits for, and keeps over a restart", async () => {
  const id = await added({ prompt: "tidy the repo", required_agent_kind: "shell" });
  const shown = async () => (await list()).find((task) => task.id === id);
  expect(await shown()).toMatchObject({
    prompt: "tidy the repo",
    required_agent_kind: "shell",
    status: "PENDING",
    claimed_by: null,
    lease_id: null,
    waiting_for: "a hen of kind shell",
  });
  await daemon.call(
    "POST",
    "/hens",
    "spec_version: coop/v1\nname: coder\nagent_kind: shell\nbrain: {provider_id: none, model: none}\n",
  );
  expect((await shown())?.waiting_for).toBe("an idle hen: local.coop/coder is DEFINED");
  await daemon.close();
  daemon = await openDaemonUnderTest({ COOP_MAX_PROMPT_BYTES: "200" }, dataDir);
  expect(await shown()).toMatchObject({ status: "PENDING", claimed_by: null });
  expect(await daemon.call("POST", `/tasks/${id}/retry`)).toMatchObject({
    status: 400,
    json: { code: "illegal_move" },
  });
  expect((await daemon.call("DELETE", `/tasks/${id}`)).status).toBe(200);
  expect(await shown()).toMatchObject({ status: "CANCELLED", waiting_for: null });
});

test("the list is newest first, whole or by pages, and a key makes one task", async () => {
  const ids = [await added({ prompt: "a" }), await added({ prompt: "b" }), await added({ prompt: "c" })].reverse();
  expect((await list("?limit=3")).map((task) => task.id as string)).toEqual(ids);
  expect((await list(`?limit=2&after=${ids[0]}`)).map((task) => task.id as string)).toEqual(ids.slice(1));
  expect((await list()).slice(0, 3).map((task) => task.id as string)).toEqual(ids);
  const once = () =>
    fetch(`${daemon.base}/api/v1/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "task-1" },
      body: JSON.stringify({ prompt: "once" }),
    }).then((response) => response.json());
  expect(await once()).toEqual((await once()) as object);
});

test("tasks of one status come oldest first, page by page, and another word is refused", async () => {
  const ids = [await added({ prompt: "first" }), await added({ prompt: "second" }), await added({ prompt: "third" })];
  await daemon.call("DELETE", `/tasks/${ids[1]}`);
  const pending = (await list("?status=PENDING")).map(({ id }) => String(id));
  expect(pending.filter((id) => ids.includes(id))).toEqual([ids[0] ?? "", ids[2] ?? ""]);
  const last = pending.at(-2);
  expect((await list(`?status=PENDING&limit=5&after=${last}`)).map(({ id }) => String(id))).toEqual(pending.slice(-1));
  expect((await list("?status=CANCELLED")).every(({ status }) => status === "CANCELLED")).toBe(true);
  expect(await daemon.call("GET", "/tasks?status=pending")).toMatchObject({ status: 400, json: { code: "bad_query" } });
});
