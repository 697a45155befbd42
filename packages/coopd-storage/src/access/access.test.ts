import { afterEach, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { AUDIT_ROWS_MAX, type AuditFact, followAudit, type KeptCredential, LOGINS_MAX } from "coopd-core";
import { openStore, type SqliteStore } from "../open-store.ts";
import { at } from "../testing/samples.ts";
import { makeTempDir, refusal, tamperWith } from "../testing/temp-store.ts";

let dataDir: string;
let store: SqliteStore;
beforeEach(async () => {
  dataDir = makeTempDir();
  store = await openStore({ dataDir });
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const credential = (id: string, parts: Partial<KeptCredential> = {}): KeptCredential => ({
  id,
  kind: "token",
  name: id,
  scope: "read",
  digest: digest(id),
  created_at: at(0),
  expires_at: null,
  last_used_at: null,
  parent: null,
  ...parts,
});
const fact = (n: number): AuditFact => ({
  at: at(n),
  actor: "farm token",
  origin: "127.0.0.1",
  action: "DELETE /api/v1/hens/{id}",
  target: `local.coop/h${n}`,
  status: 204,
  request_id: `r${n}`,
  before: { state: "IDLE" },
  after: null,
});
const ids = async (seconds: number) => (await store.credentials(at(seconds))).map(({ id }) => id);

test("two tokens of one name, one that is gone and one that has expired are refused or not there", async () => {
  await store.addCredential(credential("a", { name: "laptop" }));
  expect((await refusal(store.addCredential(credential("b", { name: "laptop" })))).code).toBe("token_exists");
  expect((await refusal(store.removeCredential("b"))).code).toBe("token_not_found");
  await store.addCredential(credential("c", { expires_at: at(10) }));
  expect([await ids(9), await ids(10)]).toEqual([["a", "c"], ["a"]]);
});

test("a token goes with the logins that came from it, and logins of an old farm token go at once", async () => {
  await store.addCredential(credential("t"));
  await store.addCredential(credential("l1", { kind: "login", parent: "t" }));
  await store.addCredential(credential("l2", { kind: "login", parent: "farm:old" }));
  await store.addCredential(credential("l3", { kind: "login", parent: "farm:new" }));
  expect(await store.dropStaleLogins("farm:new")).toBe(1);
  expect([...(await store.removeCredential("t"))].sort()).toEqual(["l1", "t"]);
  expect(await ids(0)).toEqual(["l3"]);
});

test("one login too many takes the oldest away, never a token", async () => {
  await store.addCredential(credential("t"));
  const logins = Array.from({ length: LOGINS_MAX + 2 }, (_, n) =>
    credential(`l${n}`, { kind: "login", created_at: at(n), parent: "farm:x" }),
  );
  await Promise.all(logins.map((login) => store.addCredential(login)));
  const left = await ids(0);
  expect([left.length, left.includes("t"), left.includes("l1"), left.includes("l2")]).toEqual([
    LOGINS_MAX + 1,
    true,
    false,
    true,
  ]);
});

test("the time of the last use only goes forward", async () => {
  await store.addCredential(credential("t"));
  await store.touchCredentials([
    { id: "t", at: at(120) },
    { id: "t", at: at(60) },
    { id: "gone", at: at(1) },
  ]);
  expect((await store.credentials(at(0)))[0]?.last_used_at).toBe(at(120));
});

test("entries that come at once are one chain, over a restart too; a changed row is found", async () => {
  await Promise.all(Array.from({ length: 40 }, (_, n) => store.appendAudit(fact(n))));
  await store.close();
  store = await openStore({ dataDir });
  await store.appendAudit(fact(40));
  const { base, seq, hash } = await store.auditHead();
  const entries = await store.audit({ after: 0, limit: 1000 });
  expect(followAudit(base, entries, digest)).toEqual({ seq, hash });
  expect(seq).toBe(41);
  await store.close();
  tamperWith(dataDir, "UPDATE audit SET body = replace(body, 'farm token', 'nobody') WHERE seq = 7");
  store = await openStore({ dataDir });
  expect(followAudit(base, await store.audit({ after: 0, limit: 1000 }), digest)).toEqual({ broken: 7 });
  await store.close();
  tamperWith(dataDir, "DELETE FROM audit WHERE seq = 5");
  store = await openStore({ dataDir });
  expect(followAudit(base, await store.audit({ after: 0, limit: 1000 }), digest)).toEqual({ broken: 6 });
});

test("no entry is listed behind the limit or before `after`", async () => {
  for (let n = 0; n < 5; n += 1) await store.appendAudit(fact(n));
  expect((await store.audit({ after: 2, limit: 2 })).map(({ seq }) => seq)).toEqual([3, 4]);
});

test("a trail that is full lets its beginning go and remembers what the rest is chained to", async () => {
  await store.appendAudit(fact(0));
  await store.close();
  const rows = [1000, 1001, AUDIT_ROWS_MAX];
  const values = rows.map((seq) => `(${seq}, 0, '{}', '${digest(String(seq))}')`).join(", ");
  tamperWith(dataDir, `INSERT INTO audit (seq, at_ms, body, hash) VALUES ${values}`);
  store = await openStore({ dataDir });
  await store.appendAudit(fact(1));
  const head = await store.auditHead();
  expect([head.seq, head.base]).toEqual([AUDIT_ROWS_MAX + 1, { seq: 1000, hash: digest("1000") }]);
  expect((await store.audit({ after: 0, limit: 10 })).map(({ seq }) => seq)).toEqual([
    1001,
    AUDIT_ROWS_MAX,
    AUDIT_ROWS_MAX + 1,
  ]);
});
