import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { toInstant } from "../ids/brand.ts";
import { AUDIT_GENESIS, type AuditEntry, type AuditFact, auditText, followAudit } from "./audit.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const START = { seq: 0, hash: AUDIT_GENESIS };

function chain(count: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const fact: AuditFact = {
      at: toInstant(seq),
      actor: "farm token",
      origin: "127.0.0.1",
      action: "POST /api/v1/hens/{id}/hatch",
      target: "local.coop/ada",
      status: 200,
      request_id: "r",
      before: { state: "DEFINED", n: 1 },
      after: { state: "IDLE" },
    };
    entries.push({ ...fact, seq, hash: digest(auditText(entries.at(-1)?.hash ?? AUDIT_GENESIS, seq, fact)) });
  }
  return entries;
}

test("an entry that was changed, removed, added or moved breaks the chain where it stood", () => {
  const whole = chain(5);
  const at = (i: number) => whole[i] as AuditEntry;
  for (const [broken, entries] of [
    [3, whole.map((entry) => (entry.seq === 3 ? { ...entry, actor: "nobody" } : entry))],
    [3, whole.map((entry) => (entry.seq === 3 ? { ...entry, before: { state: "IDLE", n: 1 } } : entry))],
    [4, whole.filter(({ seq }) => seq !== 3)],
    [2, [at(0), at(2), at(1), at(3)].map((entry, i) => ({ ...entry, seq: i + 1 }))],
    [2, [at(0), { ...at(0), seq: 2 }, ...whole.slice(1)]],
    [1, whole.slice(0, 1).map((entry) => ({ ...entry, hash: digest("x") }))],
  ] as const) {
    expect(followAudit(START, entries, digest)).toEqual({ broken });
  }
});

test("a whole chain is followed page by page, and the order of a state's keys does not count", () => {
  const whole = chain(5);
  const first = followAudit(START, whole.slice(0, 2), digest);
  if ("broken" in first) throw new Error("broken");
  expect(followAudit(first, whole.slice(2), digest)).toEqual({ seq: 5, hash: whole.at(-1)?.hash ?? "" });
  const turned = whole.map((entry) => ({ ...entry, before: { n: 1, state: "DEFINED" } }));
  expect(followAudit(START, turned, digest)).toMatchObject({ seq: 5 });
});
