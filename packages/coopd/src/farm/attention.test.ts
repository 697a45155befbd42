import { expect, test } from "bun:test";
import type { AttentionItem } from "coopd-core";
import { openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

type Daemon = Awaited<ReturnType<typeof openDaemonUnderTest>>;
const list = async (daemon: Daemon) => (await daemon.call("GET", "/attention")).json as readonly AttentionItem[];
const kinds = async (daemon: Daemon) => (await list(daemon)).map(({ kind }) => kind);

const FAILING = "not a script at all";

test("a quiet farm needs nobody, and an id that is none is refused", async () => {
  await using daemon = await openDaemonUnderTest();
  expect(await list(daemon)).toEqual([]);
  for (const id of ["x", "job:", "JOB:1", `job:${"x".repeat(500)}`, "job:a b"]) {
    expect((await daemon.call("POST", `/attention/${encodeURIComponent(id)}/dismiss`)).status).toBe(400);
  }
});

test("a failed job and a limit that was hit are told apart; a retry answers the one, a dismissal the other", async () => {
  await using daemon = await openDaemonUnderTest();
  const hen = await daemon.hatch(promptHen("ada"));
  const failed = await daemon.submit(hen, FAILING);
  await daemon.ended(failed);
  const turns = "- tools: [{name: bash, input: {command: 'true'}}]\n".repeat(3);
  const { json } = await daemon.call("POST", `/hens/${encodeURIComponent(hen)}/jobs`, {
    prompt: turns,
    limits: { max_turns: 2 },
  });
  const limited = (json as { job_id: string }).job_id;
  await daemon.ended(limited);
  const items = await list(daemon);
  expect(items.map(({ kind, job_id }) => [kind, job_id])).toEqual([
    ["limit_hit", limited as never],
    ["job_failed", failed as never],
  ]);
  expect(items[1]?.evidence).toContain(FAILING);
  for (const { actions } of items) {
    expect(actions[0]?.request?.path).toMatch(/^\/api\/v1\/jobs\/[0-9a-f-]{36}\/retry$/);
    expect(actions[0]?.command).toStartWith("coop job retry ");
  }

  const again = await daemon.call("POST", `/jobs/${limited}/retry`);
  expect(again.status).toBe(202);
  const retried = await daemon.ended((again.json as { job_id: string }).job_id);
  expect([retried.status, retried.limits.max_turns]).toEqual(["DONE", 16]);
  expect((await list(daemon)).map(({ job_id }) => job_id)).toEqual([failed as never]);
  await daemon.call("POST", `/attention/${encodeURIComponent(`job:${failed}`)}/dismiss`);
  expect(await list(daemon)).toEqual([]);
});

test("a job that still runs is not run again", async () => {
  await using daemon = await openDaemonUnderTest();
  const hen = await daemon.hatch(promptHen("ada"));
  const id = await daemon.submit(hen, "- {delay_ms: 60000, text: late}\n");
  expect((await daemon.call("POST", `/jobs/${id}/retry`)).json).toMatchObject({ code: "hen_busy" });
  expect((await daemon.call("POST", "/jobs/0195b2c4-0000-7abc-8def-000000000001/retry")).status).toBe(404);
  await daemon.call("POST", `/jobs/${id}/cancel`);
  expect(await kinds(daemon)).toEqual([]); // what a person cancelled needs nobody
});

test("what a host without walls keeps back is in the list until it is mended, and says what helps", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
  await daemon.call("POST", "/hens", promptHen("strict"));
  const [item] = await list(daemon);
  expect(item).toMatchObject({ kind: "hatch_refused", hen_id: "local.coop/strict", job_id: null });
  expect(item?.summary).toContain("COOP_SANDBOX=0");
  await daemon.call("DELETE", "/hens/local.coop%2Fstrict");
  expect(await kinds(daemon)).toEqual([]);
});

test("watchers are told when the list changes, and not when it does not", async () => {
  await using daemon = await openDaemonUnderTest();
  const hen = await daemon.hatch(promptHen("ada"));
  const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch`, {
    headers: daemon.headers,
  } as never);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const counts: number[] = [];
  const told = new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(String(data));
      if (event.type !== "attention_changed") return;
      counts.push(event.count);
      if (event.count === 1) resolve();
    };
  });
  await daemon.ended(await daemon.submit(hen, "- text: fine\n"));
  await daemon.ended(await daemon.submit(hen, FAILING));
  await told;
  socket.close();
  expect(counts.filter((count) => count === 1)).toHaveLength(1);
});

test("a failure is found behind newer ones that were dismissed", async () => {
  await using daemon = await openDaemonUnderTest();
  const hen = await daemon.hatch(promptHen("ada"));
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.push(await daemon.submit(hen, FAILING));
  await daemon.ended(ids.at(-1) ?? "");
  for (const one of ids.slice(1)) await daemon.call("POST", `/attention/${encodeURIComponent(`job:${one}`)}/dismiss`);
  expect((await list(daemon)).map(({ job_id }) => job_id)).toEqual([ids[0] as never]);
});

test("a task whose agent is gone stands in the list, with the ways to answer it", async () => {
  await using daemon = await openDaemonUnderTest();
  const agent = promptHen("pip", "agent_kind: custom\nagent_command: [bash, -c, 'echo ready; read line; exit 3']");
  await daemon.hatch(agent);
  const { json } = await daemon.call("POST", "/tasks", { prompt: "tidy", required_agent_kind: "custom" });
  const id = (json as { task_id: string }).task_id;
  let items = await list(daemon);
  while (!items.some(({ kind }) => kind === "agent_waiting")) {
    await Bun.sleep(100);
    items = await list(daemon);
  }
  const item = items.find(({ kind }) => kind === "agent_waiting");
  expect(item).toMatchObject({ id: `agent:local.coop/pip:${id}`, hen_id: "local.coop/pip" });
  expect(item?.actions.map(({ command }) => command)).toEqual([
    "coop shell local.coop/pip",
    `coop task done ${id}`,
    `coop task retry ${id}`,
  ]);
  await daemon.call("POST", `/tasks/${id}/done`);
  expect(await kinds(daemon)).toEqual([]);
}, 60_000);

test("a denied host stands in the list until the hen's policy lets it out", async () => {
  await using daemon = await openDaemonUnderTest();
  const walls = 'network: {policy: "allowlist", allow: [{host: b.example, ports: [443]}]}';
  const hen = await daemon.hatch(
    promptHen("nell").replace('network: {policy: "off"}', walls).replace("[bash,", "[http, bash,"),
  );
  const call = { name: "http", input: { url: "https://a.example/", method: "GET" } };
  await daemon.ended(await daemon.submit(hen, JSON.stringify([{ tools: [call] }, { text: "it was denied" }])));
  let items = await list(daemon);
  while (items.length === 0) {
    await Bun.sleep(50); // the log writes a moment after the answer
    items = await list(daemon);
  }
  expect(items[0]).toMatchObject({ kind: "egress_denied", id: `egress:${hen}:a.example:443` });
  const network = (hosts: readonly string[]) => ({
    policy: "allowlist",
    allow: hosts.map((host) => ({ host, ports: [443] })),
  });
  const path = `/hens/${encodeURIComponent(hen)}/network`;
  expect((await daemon.call("PUT", path, network(["c.example"]))).status).toBe(200);
  expect(await kinds(daemon)).toEqual(["egress_denied"]);
  expect((await daemon.call("PUT", path, network(["a.example"]))).status).toBe(200);
  expect(await kinds(daemon)).toEqual([]);
});
