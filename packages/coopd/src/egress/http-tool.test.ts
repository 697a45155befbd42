import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { EgressEntry, FarmEvent, JournalEntry } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
let server: ReturnType<typeof Bun.serve>;
/** What the server does with a request, and how many came. */
let answer: (request: Request) => Response | Promise<Response> = () => new Response("served");
let served = 0;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      served += 1;
      return answer(request);
    },
  });
});
afterAll(async () => {
  await daemon.close();
  await server.stop(true);
});

const tools = (text: string) => text.replace("tools: [bash, file_read, file_write]", "tools: [http]");
const open = (name: string, network: string) =>
  daemon.hatch(tools(promptHen(name)).replace('network: {policy: "off"}', `network: ${network}`));
const local = (port = server.port) =>
  `{policy: allowlist, allow: [{host: 127.0.0.1, ports: [${port}], private: true}]}`;
const get = (url: string) => `- tools: [{name: http, input: {url: "${url}"}}]\n`;
const here = (path = "/") => `http://127.0.0.1:${server.port}${path}`;
const egress = async (hen: string, query = "") =>
  (await daemon.call("GET", `/hens/${encodeURIComponent(hen)}/egress${query}`)).json as readonly EgressEntry[];
const setNetwork = async (hen: string, block: unknown) => {
  const made = await daemon.call("PUT", `/hens/${encodeURIComponent(hen)}/network`, block);
  expect(made.status).toBe(200);
};

/** A job of these calls, ended; what each call was answered, and the notes. */
async function run(hen: string, prompt: string) {
  const job = await daemon.ended(await daemon.submit(hen, `${prompt}- text: done\n`));
  const journal = await daemon.journal(job.id);
  const results = journal.filter(
    (entry): entry is Extract<JournalEntry, { kind: "tool.result" }> => entry.kind === "tool.result",
  );
  const notes = journal.flatMap((entry) => (entry.kind === "note" ? [entry.text] : []));
  return { job, contents: results.map(({ content }) => content), notes };
}

describe("what is not let out", () => {
  test("is told to the model with rule and reason, and to the farmer with the command, in journal, log and event", async () => {
    const before = served;
    const hen = await open("denied", `{policy: allowlist, allow: [{host: a.example, ports: [80]}]}`);
    const { event_seq } = (await daemon.call("GET", "/farm")).json as { event_seq: number };
    const { job, contents, notes } = await run(hen, get(here()) + get("http://b.example/"));
    expect(contents[0]).toStartWith(
      `ERROR: GET 127.0.0.1:${server.port} was not let out: no rule names 127.0.0.1 (no_rule)`,
    );
    expect(contents.join()).not.toContain("coop hen allow");
    const command = `coop hen allow ${hen} 127.0.0.1:${server.port} --private`;
    expect(notes).toEqual([
      `not let out: 127.0.0.1:${server.port}: no rule names 127.0.0.1 (no_rule); allow it: ${command}`,
      `not let out: b.example:80: no rule names b.example (no_rule); allow it: coop hen allow ${hen} b.example:80`,
    ]);
    const rows = await egress(hen, `?verdict=denied&job_id=${job.id}`);
    expect(rows.map(({ host, via, method, path, code, next }) => [host, via, method, path, code, next])).toEqual([
      ["127.0.0.1", "http_tool", "GET", "/", "no_rule", command],
      ["b.example", "http_tool", "GET", "/", "no_rule", `coop hen allow ${hen} b.example:80`],
    ]);
    const events = await eventsSince(event_seq, 2);
    expect(
      events.map((event) => event.type === "egress_denied" && [event.hen_id, event.job_id, event.host, event.next]),
    ).toEqual([
      [hen, job.id, "127.0.0.1", command],
      [hen, job.id, "b.example", `coop hen allow ${hen} b.example:80`],
    ]);
    expect(served).toBe(before);
  });

  test("is noted in each job that asked for it, also when one follows the other at once", async () => {
    const hen = await open("often", "{policy: allowlist}");
    const runs = [await run(hen, get("http://b.example/")), await run(hen, get("http://b.example/").repeat(3))];
    expect(runs.map(({ notes }) => notes.map((note) => note.slice(0, 32)))).toEqual([
      ["not let out: b.example:80: no ru"],
      ["not let out: b.example:80: no ru", "not let out: b.example:80: no ru", "not let out: b.example:80: no ru"],
    ]);
    const rows = await egress(hen);
    for (const [index, { job }] of runs.entries()) {
      const counts = rows.filter(({ job_id }) => job_id === job.id).map(({ count }) => count);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(index === 0 ? 1 : 3);
    }
  });

  test("is everything under policy off, private addresses under open, and a redirect to one", async () => {
    const before = served;
    const off = await open("off", '{policy: "off"}');
    expect((await run(off, get(here()))).contents[0]).toContain("(policy_off");
    const wide = await open("wide", "{policy: open}");
    const { contents } = await run(
      wide,
      [here(), "http://169.254.169.254/", "http://[::1]/", daemon.base].map(get).join(""),
    );
    for (const content of contents) expect(content).toContain("(private_address");
    expect(served).toBe(before);
    const hopping = await open("hopping", local());
    answer = () => new Response(null, { status: 302, headers: { location: daemon.base } });
    expect((await run(hopping, get(here()))).contents[0]).toContain("was not let out");
    answer = () => new Response("served");
  });
});

describe("what is let out", () => {
  test("is answered, and logged with its rule, address and bytes", async () => {
    const hen = await open("allowed", local());
    const { job, contents, notes } = await run(hen, get(here("/some/path?key=secret")));
    expect(JSON.parse(contents[0] ?? "")).toMatchObject({ status: 200, body: "served", truncated: false });
    expect(notes).toEqual([]);
    const rows = await egress(hen);
    expect(rows[0]).toMatchObject({
      hen_id: hen,
      job_id: job.id,
      verdict: "allowed",
      host: "127.0.0.1",
      path: "/some/path",
      rule: `127.0.0.1:${server.port}`,
      address: "127.0.0.1",
      code: null,
      next: null,
    });
    expect(JSON.stringify(rows)).not.toContain("secret");
    expect(rows.reduce((sum, row) => sum + row.bytes_down, 0)).toBeGreaterThan(50);
  });

  test("holds for the policy of this moment: a change cuts what is connected, and the job's next call is refused", async () => {
    const hen = await open("changed", local());
    const cut = Promise.withResolvers<void>();
    answer = async (request) => {
      request.signal.addEventListener("abort", () => cut.resolve());
      await setNetwork(hen, { policy: "allowlist", allow: [{ host: "a.example" }] });
      await cut.promise; // the daemon closes the connection; no answer would come otherwise
      return new Response("late");
    };
    const { contents } = await run(hen, get(here()) + get(here()));
    answer = () => new Response("served");
    expect(contents[0]).toStartWith("ERROR: no usable answer from 127.0.0.1");
    expect(contents[1]).toContain("was not let out: no rule names 127.0.0.1");
    await setNetwork(hen, { policy: "allowlist", allow: [{ host: "127.0.0.1", ports: [server.port], private: true }] });
    expect((await run(hen, get(here()))).contents[0]).toContain("served");
  });

  test("is decided just the same where nothing can be confined, since it needs no process", async () => {
    await using bare = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
    const hen = await bare.hatch(tools(promptHen("bare")).replace('network: {policy: "off"}', ""));
    const job = await bare.ended(await bare.submit(hen, `${get(here())}- text: "{{last_result}}"\n`));
    expect(job.result).toContain("(private_address");
  });
});

for (const [method, expected] of [
  ["GET", "again"],
  ["POST", "outcome unknown"],
] as const) {
  test(`after a restart a ${method} that was under way ends as "${expected}"`, async () => {
    const dir = `${daemon.dataDir}-${method}`;
    const arrived = Promise.withResolvers<void>();
    answer = () => {
      arrived.resolve();
      return new Promise(() => undefined); // until the daemon is gone
    };
    const first = await openDaemonUnderTest({}, dir);
    const hen = await first.hatch(tools(promptHen("cut")).replace('network: {policy: "off"}', `network: ${local()}`));
    const call = `- tools: [{name: http, input: {url: "${here()}", method: ${method}}}]\n- text: "{{last_result}}"\n`;
    const id = await first.submit(hen, call);
    await arrived.promise;
    await first.close();
    answer = () => new Response("again");
    await using second = await openDaemonUnderTest({}, dir);
    expect((await second.ended(id)).result).toContain(expected);
    answer = () => new Response("served");
  }, 20_000); // two daemons, and one of them winds down for 1.2 s
}

async function eventsSince(seq: number, count: number): Promise<readonly FarmEvent[]> {
  const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch?since=${seq}`);
  const events: FarmEvent[] = [];
  await new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(String(data)) as FarmEvent;
      if (event.type === "egress_denied") events.push(event);
      if (events.length === count) resolve();
    };
  });
  socket.close();
  return events;
}
