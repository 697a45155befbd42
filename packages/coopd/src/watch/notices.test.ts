import { expect, test } from "bun:test";
import { quickDerive } from "coopd-vault/testing";
import { openDaemonUnderTest } from "../testing/daemon-under-test.ts";

/** Gathers what `/watch` says of these types until `count` came. */
async function watch(daemon: Awaited<ReturnType<typeof openDaemonUnderTest>>, types: string, count: number) {
  const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch?types=${types}`, {
    headers: daemon.headers,
  } as never);
  const told: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<readonly unknown[]>();
  socket.onmessage = ({ data }) => {
    if (told.push(JSON.parse(String(data))) === count) resolve(told);
  };
  await new Promise((open) => {
    socket.onopen = open;
  });
  return { told: promise, close: () => socket.close() };
}

test("watchers are told that the farm was stopped and goes on, whoever did it", async () => {
  await using daemon = await openDaemonUnderTest();
  const watcher = await watch(daemon, "farm_changed", 2);
  await daemon.call("POST", "/farm/stop");
  await daemon.call("POST", "/farm/resume");
  expect(await watcher.told).toEqual([
    { type: "farm_changed", stopped: true },
    { type: "farm_changed", stopped: false },
  ]);
  watcher.close();
}, 60_000);

test("watchers are told of every change of the vault, and of none of its names or values", async () => {
  await using daemon = await openDaemonUnderTest({}, undefined, { derive: quickDerive });
  const watcher = await watch(daemon, "vault_changed", 7);
  await daemon.call("POST", "/vault/init", { passphrase: "p" });
  await daemon.call("PUT", "/vault/secrets", { name: "canary-name", value: "canary-value" });
  await daemon.call("PUT", "/vault/secrets/canary-name/hosts", { hosts: ["api.example.com"] });
  await daemon.call("DELETE", "/vault/secrets/canary-name");
  await daemon.call("POST", "/vault/lock");
  await daemon.call("POST", "/vault/lock"); // it is locked already: nothing to tell
  const path = ((await daemon.call("GET", "/vault/status")).json as { path: string }).path;
  await daemon.call("POST", "/vault/unlock", { path, passphrase: "wrong" });
  await daemon.call("POST", "/vault/unlock", { path, passphrase: "p" });
  await daemon.call("POST", "/vault/lock");
  const said = (unlocked: boolean, secrets: number) => ({ type: "vault_changed", unlocked, secrets });
  expect(await watcher.told).toEqual([
    said(true, 0),
    said(true, 1),
    said(true, 1),
    said(true, 0),
    said(false, 0),
    said(true, 0),
    said(false, 0),
  ]);
  watcher.close();
}, 60_000);
