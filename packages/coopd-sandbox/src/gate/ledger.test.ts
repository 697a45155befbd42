import { expect, test } from "bun:test";
import type { EgressRecord, HenId } from "coopd-core";
import { createLedger, type EgressNote } from "./ledger.ts";

const PIP = "local.coop/pip" as HenId;

function note(parts: Partial<EgressNote> = {}): EgressNote {
  const denied = { verdict: "denied", code: "no_rule", rule: null, reason: "no", allow: null, address: null } as const;
  return {
    hen_id: PIP,
    via: "connect",
    host: "a.test",
    port: 443,
    method: null,
    path: null,
    ...denied,
    bytes_up: 0,
    bytes_down: 0,
    count: 1,
    ...parts,
  };
}

function ledgerAt(clock: { now: number }) {
  const records: EgressRecord[] = [];
  const ledger = createLedger((record) => records.push(record), { nowMs: () => clock.now }, 1_000);
  return { ledger, records, show: () => records.map(({ host, path, count }) => `${host} ${path} ${count}`) };
}

test("the first of a kind is told at once, what follows as one line when its time is over", () => {
  const clock = { now: 0 };
  const { ledger, records } = ledgerAt(clock);
  for (let round = 0; round < 5; round += 1) ledger.note(note({ bytes_up: 10 }));
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ count: 1, bytes_up: 10, at: "1970-01-01T00:00:00Z" });
  clock.now = 500;
  ledger.close();
  expect(records).toHaveLength(2);
  expect(records[1]).toMatchObject({ count: 4, bytes_up: 40, at: "1970-01-01T00:00:00.5Z" });
});

test("the time is kept by the ledger's own timer, and nothing is left of a kind that stays quiet", async () => {
  const clock = { now: 0 };
  const { ledger, records } = ledgerAt(clock);
  ledger.note(note());
  ledger.note(note());
  clock.now = 1_001;
  while (records.length < 2) await Bun.sleep(10);
  ledger.note(note());
  expect(records).toHaveLength(2);
  ledger.close();
  expect(records.map(({ count }) => count)).toEqual([1, 1, 1]);
});

test("whatever is different is told apart: hen, host, port, method, path, verdict, code", () => {
  const { ledger, records } = ledgerAt({ now: 0 });
  const parts: readonly Partial<EgressNote>[] = [
    {},
    { host: "b.test" },
    { port: 80 },
    { path: "/x" },
    { method: "GET" },
    { code: "quota" },
    { hen_id: "local.coop/bo" as HenId },
  ];
  for (const part of [...parts, ...parts]) ledger.note(note(part));
  expect(records).toHaveLength(parts.length);
  ledger.close();
  expect(records).toHaveLength(2 * parts.length);
});

test("a hen that asks for ever new things gets bounded lines, and none of them is lost from the sum", () => {
  const { ledger, records, show } = ledgerAt({ now: 0 });
  for (let round = 0; round < 10_000; round += 1) ledger.note(note({ host: `x${round}.test`, path: `/${round}` }));
  ledger.note(note({ hen_id: "local.coop/bo" as HenId }));
  ledger.close();
  expect(records.length).toBeLessThan(600);
  expect(records.reduce((sum, { count }) => sum + count, 0)).toBe(10_001);
  expect(show()).toContain("x255.test /255 1");
  expect(show()).toContain("x256.test null 1");
  expect(show()).toContain("a.test null 1");
});

test("without a window each is told at once, for a log that joins them itself", () => {
  const records: EgressRecord[] = [];
  const ledger = createLedger((record) => records.push(record), { nowMs: () => 0 }, 0);
  for (let round = 0; round < 3; round += 1) ledger.note(note());
  expect(records.map(({ count }) => count)).toEqual([1, 1, 1]);
  ledger.close();
  expect(records).toHaveLength(3);
});
