import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOGIN_MS, toInstant } from "coopd-core";
import { openStore, type SqliteStore } from "coopd-storage";
import { createLog } from "../log/log.ts";
import { Attempts } from "./attempts.ts";
import { createAuditTrail } from "./audit-trail.ts";
import { KeyRing } from "./key-ring.ts";
import { LINK_MS, OnceLinks } from "./once-links.ts";

let dir: string;
let store: SqliteStore;
let nowMs: number;
let count: number;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "coopd-keys-"));
  store = await openStore({ dataDir: dir });
  nowMs = Date.UTC(2026, 0, 1);
  count = 0;
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const clock = { nowMs: () => nowMs };
const open = (farmToken = "farm-token-0123456789", isChosen = false) => {
  const newId = () => `id-${++count}`;
  return KeyRing.open({ store, clock, newId, farmToken, isChosen });
};

test("what is nobody's, what was revoked and what is over opens nothing", async () => {
  const ring = await open();
  for (const text of ["", "x", "farm-token-012345678", "farm-token-0123456789 "])
    expect(ring.find(text)).toBeUndefined();
  const { secret } = await ring.createToken("ci", "operate", toInstant(nowMs + 1000));
  nowMs += 1000;
  expect(ring.find(secret)).toBeUndefined();
  const laptop = await ring.createToken("laptop", "read", null);
  await ring.revoke("laptop");
  expect(ring.find(laptop.secret)).toBeUndefined();
  await expect(ring.revoke("laptop")).rejects.toMatchObject({ code: "token_not_found" });
  expect((await open()).find(laptop.secret)).toBeUndefined();
});

test("a login may do no more than what it came from, ends with it, and tells whoever holds something open", async () => {
  const ring = await open();
  const token = await ring.createToken("phone", "read", toInstant(nowMs + 5000));
  const login = await ring.logIn(ring.find(token.secret) ?? fail());
  const second = await ring.logIn(ring.find(login.secret) ?? fail());
  expect(second.credential).toMatchObject({
    scope: "read",
    expires_at: toInstant(nowMs + 5000),
    parent: token.credential.id,
  });
  const gone: string[] = [];
  ring.onRevoked((ids) => gone.push(...ids));
  await ring.revoke(token.credential.id);
  expect(gone.sort()).toEqual([login.credential.id, second.credential.id, token.credential.id].sort());
  expect([ring.find(login.secret), ring.find(second.secret)]).toEqual([undefined, undefined]);
});

test("logins survive a restart, and go when the farm's token is another one or their 30 days are over", async () => {
  const ring = await open();
  const { secret } = await ring.logIn(ring.find("farm-token-0123456789") ?? fail());
  expect((await open()).find(secret)).toMatchObject({ kind: "login", scope: "admin" });
  expect((await open("another-token-0123456789")).find(secret)).toBeUndefined();
  const again = await open();
  expect(again.find(secret)).toBeUndefined();
  const fresh = await again.logIn(again.find("farm-token-0123456789") ?? fail());
  nowMs += LOGIN_MS;
  expect(again.find(fresh.secret)).toBeUndefined();
});

test("no secret is kept anywhere, and the last use is told to the minute", async () => {
  const ring = await open();
  const { secret } = await ring.createToken("ci", "admin", null);
  ring.find(secret);
  nowMs += 30_000;
  ring.find(secret);
  expect(ring.list()).toMatchObject([{ name: "ci", last_used_at: toInstant(nowMs - 30_000) }]);
  expect(JSON.stringify([ring.list(), await store.credentials(toInstant(nowMs))])).not.toContain(secret);
  expect(JSON.stringify(ring.list())).not.toContain("digest");
});

test("a peer that guesses is held off for the rest of its minute, by its /64, and others are not", () => {
  const attempts = new Attempts(3, () => nowMs);
  for (let n = 0; n < 3; n += 1) attempts.fail("2001:db8::1");
  expect([attempts.isOver("2001:db8::ffff"), attempts.isOver("2001:db8:0:1::1"), attempts.isOver("10.0.0.1")]).toEqual([
    true,
    false,
    false,
  ]);
  nowMs += 59_000;
  expect([attempts.isOver("2001:db8::1"), attempts.waitSecs("2001:db8::1")]).toEqual([true, 1]);
  nowMs += 1_000;
  expect(attempts.isOver("2001:db8::1")).toBe(false);
  for (let n = 0; n < 9; n += 1) attempts.fail("::ffff:10.0.0.1", "the same old cookie");
  expect(attempts.isOver("10.0.0.1")).toBe(false);
  for (let n = 0; n < 30_000; n += 1) attempts.fail(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  expect(attempts.size).toBe(10_000);
});

test("a link opens once, in time, and not at all when whoever made it was revoked", async () => {
  const ring = await open();
  const links = new OnceLinks(() => nowMs);
  const actor = ring.find("farm-token-0123456789") ?? fail();
  const secret = links.make(actor);
  expect([links.take("once_x"), links.take(secret)?.kind, links.take(secret)]).toEqual([undefined, "farm", undefined]);
  const late = links.make(actor);
  nowMs += LINK_MS;
  expect(links.take(late)).toBeUndefined();
  const { credential, secret: token } = await ring.createToken("ci", "read", null);
  const dropped = links.make(ring.find(token) ?? fail());
  links.drop(new Set([credential.id]));
  expect(links.take(dropped)).toBeUndefined();
});

function fail(): never {
  throw new Error("nobody was found");
}

test("an entry that nobody waits for is there once the trail is settled, and one that fails is told to the log", async () => {
  const lines: string[] = [];
  const log = createLog({ level: "error", format: "text", color: false, write: (line) => lines.push(line) });
  const trail = createAuditTrail(store, clock, log);
  const note = {
    actor: "farm token",
    origin: "127.0.0.1",
    action: "POST /api/v1/tasks",
    target: "a\u001b[31m\nb",
    status: 202,
    request_id: "r1",
    before: null,
    after: { made: "x".repeat(1_000) },
  };
  for (let n = 0; n < 20; n += 1) await trail.recordSoon(note);
  await trail.settled();
  const [first, ...rest] = await store.audit({ after: 0, limit: 100 });
  expect([rest.length, first?.target, String(first?.after?.made).length]).toEqual([19, "a?[31m?b", 300]);
  await store.close();
  await trail.recordSoon(note);
  await trail.settled();
  expect(lines.join("")).toContain("an entry of the audit trail is lost");
  store = await openStore({ dataDir: dir });
});
