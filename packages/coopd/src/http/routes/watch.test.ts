import { afterAll, beforeAll, expect, test } from "bun:test";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
  for (const name of ["ada", "bob"]) await daemon.call("POST", "/hens", promptHen(name));
  await daemon.call("DELETE", "/hens/local.coop%2Fbob");
});
afterAll(() => daemon.close());

interface Frame {
  readonly id: string | undefined;
  readonly event: { readonly type: string; readonly seq?: number };
}

/** The first `count` events of a stream, which is then left. */
async function streamed(query: string, count: number, headers: Record<string, string> = {}): Promise<readonly Frame[]> {
  const leave = new AbortController();
  const answer = await fetch(`${daemon.base}/api/v1/watch${query}`, {
    headers: { accept: "text/event-stream", ...headers },
    signal: leave.signal,
  });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
  let text = "";
  const frames = () =>
    text
      .split("\n\n")
      .slice(0, -1)
      .filter((frame) => frame.includes("data: "));
  for await (const bytes of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(bytes);
    if (frames().length >= count) break;
  }
  leave.abort();
  return frames().map((frame) => ({
    id: /^id: (.*)$/m.exec(frame)?.[1],
    event: JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? ""),
  }));
}

test("filters that are none are refused, and so is a plain request", async () => {
  for (const query of ["?types=", "?types=Hen", "?types=a&types=b", "?hen=x", "?since=-1", "?since=x", ""]) {
    const stream: Record<string, string> = query === "" ? {} : { accept: "text/event-stream" };
    const answer = await fetch(`${daemon.base}/api/v1/watch${query}`, { headers: stream });
    expect([query, answer.status]).toEqual([query, 400]);
  }
});

test("events come as a stream with their seq as id, from any of them on", async () => {
  const all = await streamed("?since=0", 3);
  expect(all.map(({ event }) => event.type)).toEqual(["hen_created", "hen_created", "hen_deleted"]);
  expect(all.map(({ id }) => id)).toEqual(all.map(({ event }) => String(event.seq)));
  const rest = await streamed("", 1, { "last-event-id": all[1]?.id ?? "" });
  expect(rest.map(({ event }) => event.type)).toEqual(["hen_deleted"]);
});

test("a watcher gets only the types and the hen that it asked for, replayed and live, over both protocols", async () => {
  expect((await streamed("?since=0&types=hen_deleted", 1)).map(({ event }) => event.type)).toEqual(["hen_deleted"]);
  const ofBob = await streamed("?since=0&hen=local.coop%2Fbob", 2);
  expect(ofBob.map(({ event }) => event.type)).toEqual(["hen_created", "hen_deleted"]);
  const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch?hen=local.coop%2Fcarl`);
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const seen: string[] = [];
  const done = new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      seen.push(`${JSON.parse(String(data)).type} ${JSON.parse(String(data)).id}`);
      if (seen.length === 2) resolve();
    };
  });
  for (const name of ["dora", "carl"]) await daemon.call("POST", "/hens", promptHen(name));
  await daemon.call("DELETE", "/hens/local.coop%2Fdora");
  await daemon.call("DELETE", "/hens/local.coop%2Fcarl");
  await done;
  socket.close();
  expect(seen).toEqual(["hen_created local.coop/carl", "hen_deleted local.coop/carl"]);
});

test("readiness is asked of the disk and the walls; the figures name routes, not what was asked of them", async () => {
  expect((await fetch(`${daemon.base}/api/v1/readyz`)).status).toBe(200);
  const text = await (await fetch(`${daemon.base}/metrics`)).text();
  expect(text).toContain('coop_hens{state="DEFINED"} 1');
  expect(text).toContain('route="DELETE /api/v1/hens/{id}",status="204"');
  expect(text).not.toContain("local.coop");
});

test("where the farm is, and what a terminal may expect, are told", async () => {
  const { port } = new URL(daemon.base);
  const { json } = await daemon.call("GET", "/farm/location");
  expect(json).toMatchObject({
    bound_addr: `127.0.0.1:${port}`,
    loopback_only: true,
    urls: [{ label: "Loopback", url: `http://127.0.0.1:${port}/`, scope: "local" }],
  });
  expect(Object.keys((await daemon.call("GET", "/session/capabilities")).json as object)).toEqual([
    "shell",
    "persistent_session",
    "task_dispatch",
    "backend",
    "os",
    "note",
  ]);
});
