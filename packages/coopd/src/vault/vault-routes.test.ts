import { afterAll, afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, Vault } from "coopd-vault";
import { quickDerive } from "coopd-vault/testing";
import { type DaemonUnderTest, openDaemonUnderTest } from "../testing/daemon-under-test.ts";

setDefaultTimeout(60_000); // a loaded machine is slow, and time is not what is tested

/** With a quick derivation: what is slow about a vault is tested where it is made. */
const openQuick = (env: Record<string, string> = {}, dir?: string) =>
  openDaemonUnderTest(env, dir, { derive: quickDerive });

const folder = mkdtempSync(join(tmpdir(), "coopd-vault-"));
const path = join(folder, "vault.json");
const create = async (at: string, passphrase = "p") =>
  (await Vault.create({ path: at, passphrase: new Secret(passphrase), derive: quickDerive })).close();
await create(path);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let daemon: DaemonUnderTest;
beforeEach(async () => {
  daemon = await openQuick();
});
afterEach(() => daemon.close());

const call = (method: string, route: string, body?: unknown) => daemon.call(method, `/vault${route}`, body);
const unlock = (at = path, passphrase = "p") => call("POST", "/unlock", { path: at, passphrase });
const OK = { status: 200, json: { ok: true } };

test("while it is locked nothing is put, bound, removed or turned, and the list is empty", async () => {
  expect((await call("GET", "/status")).json).toEqual({ unlocked: false, path: null, file: null, secrets: 0 });
  expect((await call("GET", "/secrets")).json).toEqual({ names: [], secrets: [] });
  for (const [method, route, body] of [
    ["PUT", "/secrets", { name: "a", value: "1" }],
    ["PUT", "/secrets/a/hosts", { hosts: ["api.example.com"] }],
    ["DELETE", "/secrets/a", undefined],
    ["POST", "/rotate", { passphrase: "p", new_passphrase: "q" }],
  ] as const) {
    const { status, json } = await call(method, route, body);
    expect([route, status, json]).toMatchObject([route, 400, { code: "vault_locked", next: "coop vault unlock PATH" }]);
  }
});

test("a vault is made in the farm's own folder, never with an empty passphrase and never over a file", async () => {
  expect(await call("POST", "/init", { passphrase: "" })).toMatchObject({ status: 400, json: { code: "bad_request" } });
  expect(await call("POST", "/init", { path: "/elsewhere" })).toMatchObject({ status: 422 });
  const own = join(daemon.dataDir, "vault.json");
  expect(await call("POST", "/init", { passphrase: "p", path: "/elsewhere" })).toEqual({
    status: 201,
    json: { path: own },
  });
  expect((statSync(own).mode & 0o777).toString(8)).toBe("600");
  expect((await call("GET", "/status")).json).toMatchObject({ unlocked: true, path: own, secrets: 0 });
  expect(await call("PUT", "/secrets", { name: "a", value: "1" })).toMatchObject(OK);
  const bytes = readFileSync(own, "latin1");
  expect(await call("POST", "/init", { passphrase: "q" })).toMatchObject({
    status: 409,
    json: { code: "vault_exists" },
  });
  await call("POST", "/lock");
  expect(await call("POST", "/init", { passphrase: "q" })).toMatchObject({
    status: 409,
    json: { code: "vault_exists" },
  });
  expect(readFileSync(own, "latin1")).toBe(bytes);
  expect(await unlock(own)).toMatchObject(OK);
});

test("a missing, foreign, linked, damaged vault and a wrong passphrase are one answer; the sixth guess is not heard", async () => {
  writeFileSync(join(folder, "damaged"), readFileSync(path).subarray(0, 200));
  writeFileSync(join(folder, "text"), "canary text");
  symlinkSync(path, join(folder, "link"));
  const tries = ["nowhere/x", "damaged", "text", "link"].map((name) => join(folder, name));
  const answers = [];
  for (const at of tries) answers.push(await unlock(at));
  answers.push(await unlock(path, "wrong"));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 400, json: { code: "vault_refused" } });
  expect(await unlock()).toMatchObject({ status: 429, json: { code: "too_many_attempts" } });
  expect(daemon.logLines.join("")).toContain("is a link"); // the farmer's log says what it was
  expect(daemon.logLines.join("")).not.toContain("canary text");
}, 20_000);

test("a malformed request is refused in words that repeat none of it", async () => {
  const bad = [
    '{"name":"a","value":canary-1}',
    '{"name":"a","value":["canary-2"]}',
    '{"path":"x","passphrase":canary-3}',
  ];
  for (const body of bad) {
    for (const [method, route] of [
      ["PUT", "/secrets"],
      ["POST", "/unlock"],
    ] as const) {
      const response = await fetch(`${daemon.base}/api/v1/vault${route}`, {
        method,
        body,
        headers: { "content-type": "application/json" },
      });
      expect(response.status).toBeWithin(400, 423);
      expect(await response.text()).not.toContain("canary");
    }
  }
});

test("secrets are put, listed in order, bound, removed; they are on disk at once, and no answer holds a value", async () => {
  const at = join(folder, "used.json");
  await create(at);
  expect(await unlock(at)).toEqual(OK);
  expect(await call("PUT", "/secrets", { name: "b", value: "canary-b", hosts: ["api.example.com"] })).toEqual(OK);
  expect(await call("PUT", "/secrets", { name: "a", value: "canary-a" })).toEqual(OK);
  expect(await call("PUT", "/secrets/a/hosts", { hosts: ["*.example.org", "127.0.0.1:8080"] })).toEqual(OK);
  for (const body of [
    { name: "", value: "1" },
    { name: "a", value: "" },
    { name: "a b", value: "1" },
  ]) {
    expect(await call("PUT", "/secrets", body)).toMatchObject({ status: 400, json: { code: "bad_request" } });
  }
  const list = await call("GET", "/secrets");
  expect(list.json).toEqual({
    names: ["a", "b"],
    secrets: [
      { name: "a", hosts: ["*.example.org", "127.0.0.1:8080"] },
      { name: "b", hosts: ["api.example.com"] },
    ],
  });
  const { dev, ino } = statSync(at);
  expect((await call("GET", "/status")).json).toEqual({
    unlocked: true,
    path: at,
    file: { device: String(dev), inode: String(ino) },
    secrets: 2,
  });
  expect(await call("DELETE", "/secrets/b")).toEqual(OK);
  expect(await call("DELETE", "/secrets/b")).toMatchObject({ status: 404, json: { code: "secret_not_found" } });
  expect(await call("POST", "/lock")).toEqual(OK);
  expect(await call("POST", "/lock")).toEqual(OK);
  expect((await call("GET", "/status")).json).toMatchObject({ unlocked: false, path: at });
  using vault = await Vault.open({ path: at, passphrase: new Secret("p"), derive: quickDerive });
  expect(vault.entries().map(({ name }) => `${name}=${vault.secret(name)?.reveal()}`)).toEqual(["a=canary-a"]);
}, 20_000);

test("an unlock replaces the vault that is open, and a refused one leaves it open", async () => {
  const other = join(folder, "other.json");
  await create(other, "q");
  await unlock();
  expect(await unlock(other, "wrong")).toMatchObject({ status: 400 });
  expect((await call("GET", "/status")).json).toMatchObject({ unlocked: true, path });
  expect(await unlock()).toEqual(OK); // the same again
  expect(await unlock(path, "wrong")).toMatchObject({ status: 400 });
  expect(await unlock(other, "q")).toEqual(OK);
  expect((await call("GET", "/status")).json).toMatchObject({ unlocked: true, path: other });
  (await Vault.open({ path, passphrase: new Secret("p"), derive: quickDerive })).close(); // the first was let go
}, 20_000);

test("the passphrase is changed by who knows the old one", async () => {
  const at = join(folder, "turned.json");
  await create(at);
  await unlock(at);
  const rotate = (passphrase: string, next: string) => call("POST", "/rotate", { passphrase, new_passphrase: next });
  expect(await rotate("wrong", "q")).toMatchObject({ status: 400, json: { code: "vault_refused" } });
  expect(await rotate("p", "")).toMatchObject({ status: 400, json: { code: "bad_request" } });
  expect(await rotate("p", "q")).toEqual(OK);
  expect(await call("POST", "/lock")).toEqual(OK);
  expect(await unlock(at)).toMatchObject({ status: 400 });
  expect(await unlock(at, "q")).toEqual(OK);
}, 20_000);

test("COOP_VAULT and COOP_PASSPHRASE open it at the start; empty, wrong or missing ones only warn", async () => {
  const open = (COOP_VAULT: string, COOP_PASSPHRASE: string) => openQuick({ COOP_VAULT, COOP_PASSPHRASE });
  for (const [at, passphrase] of [
    ["", ""],
    ["", "p"],
    [path, ""],
    [path, "wrong"],
    [join(folder, "no"), "p"],
  ] as const) {
    await using closed = await open(at, passphrase);
    const { json } = await closed.call("GET", "/vault/status");
    expect(json).toMatchObject({ unlocked: false, path: at === "" ? null : at });
  }
  await using opened = await open(path, "p");
  expect((await opened.call("GET", "/vault/status")).json).toMatchObject({ unlocked: true, path });
}, 30_000);
