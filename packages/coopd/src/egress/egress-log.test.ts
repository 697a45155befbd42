import { expect, test } from "bun:test";
import {
  CoopError,
  type EgressFact,
  type EgressOfJob,
  type EgressRecord,
  type HenId,
  type JobId,
  type Log,
  parseHenId,
  type Store,
  toInstant,
} from "coopd-core";
import { EgressLog } from "./egress-log.ts";

const ARIA = parseHenId("local.coop/aria");
const BOB = parseHenId("local.coop/bob");
const JOB = "job-1" as JobId;
const START_MS = Date.UTC(2026, 0, 1);

function record(wishes: Partial<EgressRecord> & { readonly hen_id?: HenId } = {}): EgressRecord {
  return {
    hen_id: ARIA,
    at: toInstant(START_MS),
    via: "connect",
    host: "a.org",
    port: 443,
    method: null,
    path: null,
    verdict: "denied",
    code: "no_rule",
    rule: null,
    reason: "no rule names a.org",
    allow: "a.org:443",
    address: null,
    bytes_up: 0,
    bytes_down: 0,
    count: 1,
    ...wishes,
  };
}

/** An egress log over a store that keeps what it is given, or refuses as it is told. */
function openLog() {
  const rows: EgressOfJob[] = [];
  const facts: EgressFact[] = [];
  const writes: number[] = [];
  const lines: string[] = [];
  const state = { nowMs: START_MS, refusal: undefined as CoopError | undefined };
  const keep = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const log: Log = { debug() {}, info: keep("info"), warn: keep("warn"), error: keep("error") };
  const store: Pick<Store, "recordEgress"> = {
    async recordEgress(parts) {
      if (state.refusal !== undefined) throw state.refusal;
      writes.push(parts.entries.length);
      rows.push(...parts.entries);
      facts.push(...parts.facts);
    },
  };
  return {
    egress: new EgressLog({ store, log, clock: { nowMs: () => state.nowMs } }),
    rows,
    facts,
    writes,
    lines,
    state,
  };
}

test("equal records between two writes are one row with their counts and bytes, others are rows of their own", async () => {
  const { egress, rows, writes } = openLog();
  egress.record(record({ bytes_up: 10 }));
  egress.record(record({ bytes_up: 5, bytes_down: 7, at: toInstant(START_MS + 99) }));
  for (const other of [
    { hen_id: BOB },
    { via: "dns" },
    { host: "b.org" },
    { port: 80 },
    { method: "GET" },
    { path: "/" },
    { verdict: "allowed", code: null },
    { code: "quota" },
    { rule: "b.org:443" },
    { address: "1.2.3.4" },
  ] as const) {
    egress.record(record(other));
  }
  await egress.flush();
  expect(writes).toEqual([11]);
  expect(rows[0]).toEqual({
    ...record({ bytes_up: 15, bytes_down: 7, count: 2 }),
    job_id: null,
    next: "coop hen allow local.coop/aria a.org:443",
  });
  expect(rows.find(({ verdict }) => verdict === "allowed")?.next).toBeNull();
  await egress.flush();
  expect(writes).toEqual([11]);
  await egress.close();
});

test("a flood of names costs its hen the details, is counted to the last, and costs no other hen anything", async () => {
  const { egress, rows, writes } = openLog();
  for (let n = 0; n < 5_000; n += 1) egress.record(record({ host: `x${n}.org`, path: "*" }));
  egress.record(record({ host: "*", path: "/1" }));
  egress.record(record({ hen_id: BOB }));
  await egress.flush();
  const ofAria = rows.filter(({ hen_id }) => hen_id === ARIA);
  expect(ofAria).toHaveLength(201);
  expect(ofAria.reduce((sum, { count }) => sum + count, 0)).toBe(5_001);
  expect(ofAria.at(-1)).toMatchObject({
    host: "*",
    port: 0,
    count: 4_801,
    reason: "more at once than is kept one by one",
  });
  expect(rows.filter(({ hen_id }) => hen_id === BOB)).toHaveLength(1);
  expect(Math.max(...writes)).toBeLessThanOrEqual(500);
  await egress.close();
});

/** What watchers are told by then, in short. */
async function toldAt({ egress, facts, state }: ReturnType<typeof openLog>, atMs: number): Promise<readonly string[]> {
  state.nowMs = START_MS + atMs;
  await egress.flush();
  return facts.splice(0).map(({ type, host, count }) => `${type} ${host} ${count}`);
}

test("a host is told of at once, then after ten seconds with its count, then ever more rarely; silence ends it", async () => {
  const log = openLog();
  const { egress } = log;
  const told = (atMs: number) => toldAt(log, atMs);
  egress.record(record());
  egress.record(record({ verdict: "allowed", code: null }));
  expect(await told(0)).toEqual(["egress_denied a.org 1", "egress_allowed a.org 1"]);
  for (let n = 0; n < 5; n += 1) egress.record(record({ path: `/${n}`, count: 2 }));
  egress.record(record({ verdict: "allowed", code: null, count: 0, bytes_up: 9 }));
  expect(await told(9_999)).toEqual([]);
  expect(await told(10_000)).toEqual(["egress_denied a.org 10"]);
  egress.record(record());
  expect(await told(29_999)).toEqual([]);
  expect(await told(30_000)).toEqual(["egress_denied a.org 1"]);
  expect(await told(70_000)).toEqual([]);
  egress.record(record());
  expect(await told(70_001)).toEqual(["egress_denied a.org 1"]);
  await egress.close();
});

test("a poll every second for a day is some hundred and fifty events, and not one request less in their counts", async () => {
  const log = openLog();
  let [events, counted] = [0, 0];
  for (let second = 0; second < 86_400; second += 1) {
    log.state.nowMs = START_MS + second * 1_000;
    log.egress.record(record());
    if (second % 10 === 0) await log.egress.flush();
    for (const fact of log.facts.splice(0)) {
      events += 1;
      counted += fact.count;
    }
  }
  await log.egress.close();
  counted += log.facts.reduce((sum, { count }) => sum + count, 0);
  expect([events < 160, counted]).toEqual([true, 86_400]);
});

test("a hen that tries host after host is told as one, and another hen's first denial all the same", async () => {
  const log = openLog();
  for (let n = 0; n < 3_000; n += 1) log.egress.record(record({ host: `x${n}.org` }));
  log.egress.record(record({ hen_id: BOB }));
  const first = await toldAt(log, 0);
  expect(first).toHaveLength(22);
  expect(first.slice(-2)).toEqual(["egress_denied * 1", "egress_denied a.org 1"]);
  expect(await toldAt(log, 10_000)).toEqual(["egress_denied * 2979"]);
  await log.egress.close();
});

test("what is recorded while one job runs is in its name; with none or several it is in nobody's", async () => {
  const { egress, rows, facts } = openLog();
  egress.record(record({ host: "before" }));
  const end = egress.begin(ARIA, JOB);
  egress.record(record({ host: "in" }));
  egress.record(record({ host: "in", hen_id: BOB }));
  const endOther = egress.begin(ARIA, "job-2" as JobId);
  egress.record(record({ host: "both" }));
  endOther();
  egress.record(record({ host: "again" }));
  end();
  egress.record(record({ host: "after" }));
  await egress.flush();
  const of = (list: readonly { host: string; job_id: JobId | null; hen_id: HenId }[]) =>
    list.filter(({ hen_id }) => hen_id === ARIA).map(({ host, job_id }) => `${host} ${job_id}`);
  const expected = ["before null", `in ${JOB}`, "both null", `again ${JOB}`, "after null"];
  expect([of(rows), of(facts)]).toEqual([expected, expected]);
  await egress.close();
});

test("a job's notes name each denial once with the command that allows it, ten at most, and are taken once", async () => {
  const { egress } = openLog();
  const end = egress.begin(ARIA, JOB);
  egress.record(record());
  egress.record(record());
  egress.record(record({ verdict: "allowed", code: null }));
  egress.record(record({ host: "name.org", port: 0, via: "dns", reason: "no rule names name.org", allow: null }));
  egress.record(record({ hen_id: BOB, host: "b.org" }));
  expect(egress.takeNotes(JOB)).toEqual([
    "not let out: a.org:443 (2 times): no rule names a.org (no_rule); allow it: coop hen allow local.coop/aria a.org:443",
    "not let out: name.org: no rule names name.org (no_rule)",
  ]);
  expect(egress.takeNotes(JOB)).toEqual([]);
  for (let n = 0; n < 50; n += 1) egress.record(record({ host: `x${n}.org` }));
  const many = egress.takeNotes(JOB);
  expect(many).toHaveLength(11);
  expect(many.at(-1)).toBe("more was denied: coop hen egress local.coop/aria --denied");
  egress.record(record());
  end();
  expect(egress.takeNotes(JOB)).toEqual([]);
  await egress.close();
});

test("while the disk takes nothing rows wait, and are written once when it does; what the store refuses is said", async () => {
  const { egress, rows, facts, lines, state } = openLog();
  state.refusal = new CoopError("disk_full", "full");
  egress.record(record());
  await egress.flush();
  egress.record(record());
  await egress.flush();
  expect([rows, lines]).toEqual([[], ["warn egress waits to be recorded"]]);
  state.refusal = undefined;
  await egress.flush();
  expect([rows.map(({ count }) => count), facts.map(({ count }) => count)]).toEqual([[2], [1]]);
  expect(lines.at(-1)).toBe("info egress is recorded again");
  state.refusal = new CoopError("bad_request", "no instant");
  egress.record(record());
  await egress.flush();
  state.refusal = undefined;
  await egress.flush();
  expect([rows.length, lines.at(-1)]).toEqual([1, "error egress could not be recorded"]);
  await egress.close();
});

test("closing writes what is left, with what its windows still held", async () => {
  const { egress, rows, facts } = openLog();
  for (let n = 0; n < 3; n += 1) egress.record(record());
  await egress.close();
  expect([rows.map(({ count }) => count), facts.map(({ count }) => count)]).toEqual([[3], [1, 2]]);
});
