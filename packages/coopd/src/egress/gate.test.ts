import { afterAll, beforeAll, expect, test } from "bun:test";
import type { EgressEntry, JournalEntry } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

const open = (name: string, network: string) =>
  daemon.hatch(promptHen(name).replace('network: {policy: "off"}', `network: ${network}`));
const path = (hen: string) => `/hens/${encodeURIComponent(hen)}`;
const egress = async (hen: string, query = "") =>
  (await daemon.call("GET", `${path(hen)}/egress${query}`)).json as readonly EgressEntry[];
const step = (command: string) => `- tools: [{name: bash, input: {command: ${JSON.stringify(command)}}}]\n`;

async function run(hen: string, prompt: string) {
  const job = await daemon.ended(await daemon.submit(hen, `${prompt}- text: done\n`));
  const journal = await daemon.journal(job.id);
  const results = journal.flatMap((entry: JournalEntry) => (entry.kind === "tool.result" ? [entry.content] : []));
  return { job, results, notes: journal.flatMap((entry) => (entry.kind === "note" ? [entry.text] : [])) };
}

test("what a command is denied is in the job's journal and in the log with the command that allows it, in the job's name", async () => {
  const hen = await open("cmd", "{policy: allowlist, allow: [{host: a.example}]}");
  const { job, results, notes } = await run(
    hen,
    step(
      "curl -sS -m 20 http://b.example/x?key=secret; curl -sS -m 20 https://c.example/; curl -sS -m 20 --noproxy '*' http://d.example/",
    ),
  );
  expect(results[0]).toContain("no_rule");
  expect(notes.map((note) => note.replace(/: no rule .*; allow it: coop hen allow/, " →"))).toEqual([
    `not let out: b.example:80 → ${hen} b.example:80`,
    `not let out: c.example:443 → ${hen} c.example:443`,
    expect.stringContaining("not let out: d.example"),
  ]);
  const rows = await egress(hen, `?job_id=${job.id}&verdict=denied`);
  expect([...new Set(rows.map(({ host, via }) => `${host} ${via}`))]).toEqual([
    "b.example http",
    "c.example connect",
    "d.example dns",
  ]);
  expect(JSON.stringify(rows)).not.toContain("secret");
}, 60_000);

test("a change holds for a hen's commands at once: what is connected is cut, what was closed is open", async () => {
  const connected = Promise.withResolvers<void>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      if (!url.endsWith("/endless")) return new Response("reached");
      connected.resolve();
      return new Response(
        new ReadableStream({ pull: (controller) => Bun.sleep(5).then(() => controller.enqueue("x")) }),
      );
    },
  });
  try {
    const rule = { host: "127.0.0.1", ports: [server.port], private: true };
    const hen = await open("hot", JSON.stringify({ policy: "allowlist", allow: [rule] }));
    const curl = (tail: string) =>
      step(`curl -sS -m 30 --proxy http://127.0.0.1:3128 --noproxy '' http://127.0.0.1:${server.port}${tail}`);
    const running = run(hen, curl("/endless") + curl("/"));
    await connected.promise;
    expect((await daemon.call("PUT", `${path(hen)}/network`, { policy: "allowlist", allow: [] })).status).toBe(200);
    const { results } = await running;
    expect(JSON.parse(results[0] ?? "{}").exit_code).not.toBe(0);
    expect(results[0]).not.toContain("timed out");
    expect(results[1]).toContain("no_rule");
    expect((await daemon.call("PUT", `${path(hen)}/network`, { policy: "allowlist", allow: [rule] })).status).toBe(200);
    expect((await run(hen, curl("/"))).results[0]).toContain("reached");
  } finally {
    await server.stop(true);
  }
}, 60_000);

test("off becomes an allowlist and back while the hen is up, and holds at once both ways", async () => {
  const hen = await open("switched", '{policy: "off"}');
  const ask = async () => (await run(hen, step("curl -sS -m 10 http://b.example/ 2>&1"))).results[0] ?? "";
  const closed = /curl: \(\d+\)/; // no gate that would answer: curl itself finds nobody
  expect(await ask()).toMatch(closed);
  await daemon.call("PUT", `${path(hen)}/network`, { policy: "allowlist", allow: [{ host: "a.example" }] });
  expect(await ask()).toContain("no_rule");
  await daemon.call("PUT", `${path(hen)}/network`, { policy: "off" });
  const again = await ask();
  expect(again).toMatch(closed);
  expect(again).not.toContain("no_rule");
}, 60_000);
