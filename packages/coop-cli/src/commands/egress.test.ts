import { afterEach, beforeEach, expect, test } from "bun:test";
import { type FakeDaemon, openFakeDaemon } from "coop-client/testing";
import { type EgressEntry, type Instant, type JobId, parseHenId } from "coopd-core";
import { runCoop, runCoopInTerminal } from "../testing/run-coop.ts";

const HEN = parseHenId("local.coop/aria");
let daemon: FakeDaemon;
let log: EgressEntry[];
beforeEach(() => {
  daemon = openFakeDaemon();
  daemon.farm.addHen("aria");
  log = [];
  daemon.answer("GET /api/v1/hens/local.coop%2Faria/egress", () => {
    const query = new URL(daemon.requests.at(-1)?.path ?? "", "http://x").searchParams;
    const isDown = query.get("order") === "desc";
    const after = query.get("after");
    const rows = (isDown ? log.toReversed() : log)
      .filter((row) => query.get("verdict") === null || row.verdict === query.get("verdict"))
      .filter((row) => query.get("job_id") === null || row.job_id === query.get("job_id"))
      .filter((row) => after === null || (isDown ? row.seq < Number(after) : row.seq > Number(after)));
    return Response.json(rows.slice(0, Number(query.get("limit"))));
  });
});
afterEach(() => daemon.close());

const env = () => ({ COOP_API: daemon.url });
const coop = (...args: string[]) => runCoop(["hen", "egress", HEN, ...args], { env: env() });

function add(host: string, wishes: Partial<EgressEntry> = {}): EgressEntry {
  const row: EgressEntry = {
    hen_id: HEN,
    seq: log.length + 1,
    at: "2026-03-01T10:00:00Z" as Instant,
    job_id: null,
    via: "connect",
    host,
    port: 443,
    method: null,
    path: null,
    verdict: "denied",
    code: "no_rule",
    rule: null,
    reason: `no rule names ${host}`,
    allow: `${host}:443`,
    next: `coop hen allow ${HEN} ${host}:443`,
    address: null,
    bytes_up: 0,
    bytes_down: 0,
    count: 1,
    ...wishes,
  };
  log.push(row);
  return row;
}

const ALLOWED = { verdict: "allowed", code: null, reason: null, allow: null, next: null } as const;

test("of a hen that is not there is 4, and --follow as YAML, which has no end, is 2", async () => {
  expect((await runCoop(["hen", "egress", "local.coop/nobody"], { env: env() })).exitCode).toBe(4);
  expect((await coop("--follow", "-o", "yaml")).exitCode).toBe(2);
  expect((await coop("--limit", "x")).exitCode).toBe(2);
});

test("is every row, oldest first, for a program, over pages; filtered by verdict and job", async () => {
  for (let n = 0; n < 1_200; n += 1) add(`h${n}.org`, n % 2 === 0 ? {} : { ...ALLOWED, job_id: "j" as JobId });
  const seqs = async (...args: string[]) =>
    (JSON.parse((await coop(...args)).stdout) as EgressEntry[]).map(({ seq }) => seq);
  expect(await seqs()).toEqual(log.map(({ seq }) => seq));
  expect((await seqs("--denied")).length).toBe(600);
  expect((await seqs("--job", "j")).length).toBe(600);
  expect(await seqs("--limit", "3")).toEqual([1198, 1199, 1200]);
  expect((await coop("-q", "--limit", "1")).stdout).toBe("h1199.org:443\n");
});

test("is a table for a person, with the exact commands that would allow what was denied", async () => {
  add("old.org");
  add("api.example.org", { ...ALLOWED, rule: "api.example.org:443", bytes_down: 1_234_567, count: 3 });
  add("name.org", { via: "dns", port: 0, next: null });
  add("evil\u001b[2J.org", { count: 2 });
  const { text } = await runCoopInTerminal(["hen", "egress", HEN, "--limit", "3"], { env: env(), columns: 140 });
  const lines = text.split("\n");
  expect(lines[0]).toMatch(/^AT +VERDICT +TO +BY +TIMES +UP +DOWN +WHY$/);
  expect(lines[1]).toMatch(/allowed +api\.example\.org:443 +connect +3 +0 +1\.2M +api\.example\.org:443$/);
  expect(lines[2]).toMatch(/denied +name\.org +dns +1 +0 +0 +no rule names name\.org \(no_rule\)$/);
  expect(lines.slice(4)).toEqual([
    "older ones are left out; --limit 0 shows all",
    "allow it: coop hen allow local.coop/aria evil.org:443",
    "",
  ]);
  log.length = 0;
  const empty = await runCoopInTerminal(["hen", "egress", HEN], { env: env() });
  expect(empty.text).toContain("has asked nothing of the network");
});

test("--follow shows what was there, then what comes, each once, and ends when the hen is deleted", async () => {
  const denied = add("first.org");
  const running = coop("--follow");
  while (daemon.watcherCount() === 0) await Bun.sleep(5);
  const { hen_id, job_id, host, port, via, code, rule, reason, next, count } = denied;
  const fact = { type: "egress_denied", hen_id, job_id, host, port, via, code, rule, reason, next, count } as const;
  while (!daemon.requests.some(({ path }) => path.includes("order=desc"))) await Bun.sleep(5);
  add("second.org");
  daemon.farm.emit({ ...fact, hen_id: parseHenId("local.coop/other") });
  daemon.farm.emit(fact);
  while (!daemon.requests.some(({ path }) => path.includes("after=1"))) await Bun.sleep(5);
  daemon.farm.removeHen(HEN);
  const { stdout, exitCode } = await running;
  expect(exitCode).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as EgressEntry).host),
  ).toEqual(["first.org", "second.org"]);
});

test("--follow on a terminal is a line a row, with the command behind it", async () => {
  add("first.org", { method: "GET", path: "/v1", via: "http", count: 2 });
  const { text, exitCode } = await runCoopInTerminal(["hen", "egress", HEN, "-f"], {
    env: env(),
    columns: 200,
    onText: (all) => {
      if (all.includes("first.org")) daemon.farm.removeHen(HEN);
    },
  });
  expect(exitCode).toBe(0);
  expect(text).toBe(
    "10:00:00  denied   GET first.org:443/v1 2 times  http  no rule names first.org (no_rule)" +
      "  allow it: coop hen allow local.coop/aria first.org:443\n",
  );
});
