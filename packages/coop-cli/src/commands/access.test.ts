import { Database } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openRealDaemon } from "../testing/real-daemon.ts";
import { runCoop } from "../testing/run-coop.ts";

// A daemon as everybody gets it: it asks for a token, and `coop` of the same user finds that by itself.
const daemon = await openRealDaemon({});
afterAll(() => daemon.close());

const own = { COOP_API: daemon.url, COOP_DATA_DIR: daemon.dataDir };
const coop = (...args: string[]) => runCoop(args, { env: own });
const as = (token: string, ...args: string[]) =>
  runCoop(args, { env: { COOP_API: daemon.url, COOP_API_TOKEN: token } });

test("without a token, or with a wrong one, nothing is told; the daemon's own user is let in by itself", async () => {
  expect((await runCoop(["farm"], { env: { COOP_API: daemon.url } })).exitCode).toBe(5);
  expect((await as("wrong", "farm")).exitCode).toBe(5);
  expect(await coop("farm")).toMatchObject({ exitCode: 0, stderr: "" });
  expect((await runCoop(["health"], { env: { COOP_API: daemon.url } })).exitCode).toBe(0);
});

test("a token does what its scope allows and no more, until it is revoked", async () => {
  expect((await coop("token", "create", "a b")).exitCode).toBe(2);
  expect((await coop("token", "create", "x", "--scope", "root")).exitCode).toBe(2);
  const made = await coop("-q", "token", "create", "ci", "--expires", "30d");
  expect(made).toMatchObject({ exitCode: 0, stderr: "" });
  const secret = made.stdout.trim();
  expect(secret).toMatch(/^coopt_[\w-]{43}$/);
  expect((await coop("token", "create", "ci")).exitCode).toBe(6);
  expect((await as(secret, "farm")).exitCode).toBe(0);
  const refused = await as(secret, "farm", "stop");
  expect([refused.exitCode, refused.stderr.includes("needs the scope operate")]).toEqual([5, true]);
  const listed = JSON.parse((await coop("token", "list")).stdout);
  expect(listed).toMatchObject([{ kind: "token", name: "ci", scope: "read", last_used_at: expect.any(String) }]);
  expect(JSON.stringify(listed)).not.toContain(secret);
  expect((await coop("token", "revoke", "ci")).exitCode).toBe(0);
  expect((await as(secret, "farm")).exitCode).toBe(5);
  expect((await coop("token", "revoke", "ci")).exitCode).toBe(4);
});

test("coop open prints a link where there is no browser, and the link opens the page once", async () => {
  const { url } = JSON.parse((await coop("open", "--print")).stdout) as { url: string };
  expect(url).toStartWith(`${daemon.url}/login?once=once_`);
  expect((await fetch(url, { redirect: "manual" })).status).toBe(303);
  expect((await fetch(url, { redirect: "manual" })).status).toBe(401);
});

test("the trail is shown and verified, and a change in the database is found", async () => {
  const before = JSON.parse((await coop("audit", "verify")).stdout);
  expect(before.ok).toBe(true);
  expect(before.hash).toMatch(/^[0-9a-f]{64}$/);
  const rows = JSON.parse((await coop("audit", "--limit", "3")).stdout);
  expect(rows.length).toBe(3);
  expect(await coop("audit", "verify", "--head", before.hash)).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await coop("audit", "verify", "--head", "0".repeat(63))).toMatchObject({ exitCode: 1 });
  const db = new Database(join(daemon.dataDir, "coop.sqlite"));
  db.run("UPDATE audit SET body = replace(body, '127.0.0.1', '10.0.0.1') WHERE seq = 2");
  db.close();
  const broken = await coop("audit", "verify");
  expect([broken.exitCode, JSON.parse(broken.stdout)]).toMatchObject([1, { ok: false, broken_at: 2 }]);
});

test("watch takes its filters along", async () => {
  expect((await coop("watch", "--hen", "x")).exitCode).toBe(2);
});

test("nobody else can read the daemon's token", () => {
  const path = join(daemon.dataDir, "token");
  expect([statSync(path).mode & 0o777, readFileSync(path, "utf8").length]).toEqual([0o600, 49]);
});
