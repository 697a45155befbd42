import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, copyFileSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findDaemonToken } from "./find-token.ts";

const TOKEN = "coop_0123456789abcdef";
let dir: string;
let server: Bun.Server<undefined>;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "coop-token-"));
  server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("") });
  writeRecord({ pid: process.pid, address: `127.0.0.1:${server.port}` });
  writeFileSync(join(dir, "token"), `${TOKEN}\n`, { mode: 0o600 });
});
afterEach(async () => {
  await server.stop(true);
  rmSync(dir, { recursive: true, force: true });
});

function writeRecord(record: object): void {
  rmSync(join(dir, "daemon.json"), { force: true });
  writeFileSync(join(dir, "daemon.json"), JSON.stringify(record), { mode: 0o600 });
}
const find = (url = `http://127.0.0.1:${server.port}`) => findDaemonToken(url, ["/nonexistent", dir]);

test("the token goes to no other address than the one that daemon.json names", () => {
  const { port } = server;
  expect(find(`http://127.0.0.1:${port === 1 ? 2 : 1}`)).toBeUndefined();
  expect(find(`http://127.0.0.2:${port}`)).toBeUndefined();
  expect(find(`http://farm.example:${port}`)).toBeUndefined();
  expect(find(`http://127.0.0.1.example:${port}`)).toBeUndefined();
  expect(find(`https://127.0.0.1:${port}`)).toBeUndefined();
  writeRecord({ pid: process.pid, address: `192.168.0.7:${port}` });
  expect(find(`http://192.168.0.7:${port}`)).toBeUndefined();
});

test("a daemon that is gone, one that does not listen, and a record that is none give nothing", async () => {
  const gone = Bun.spawn(["true"]);
  await gone.exited;
  writeRecord({ pid: gone.pid, address: `127.0.0.1:${server.port}` });
  expect(find()).toBeUndefined();
  writeFileSync(join(dir, "daemon.json"), "{");
  expect(find()).toBeUndefined();
  writeRecord({ pid: process.pid, address: `127.0.0.1:${server.port}` });
  const url = `http://127.0.0.1:${server.port}`;
  expect(find(url)).toBe(TOKEN);
  await server.stop(true);
  expect(find(url)).toBeUndefined();
});

test("a token that others may read, a link to one, and no token at all give nothing", () => {
  chmodSync(join(dir, "token"), 0o640);
  expect(find()).toBeUndefined();
  chmodSync(join(dir, "token"), 0o600);
  renameSync(join(dir, "token"), join(dir, "other"));
  expect(find()).toBeUndefined();
  symlinkSync(join(dir, "other"), join(dir, "token"));
  expect(find()).toBeUndefined();
});

test("what another user listens on gets nothing, whatever daemon.json says", async () => {
  if (process.geteuid?.() !== 0) {
    console.warn("skipped: only root can listen as another user");
    return;
  }
  await server.stop(true);
  const folder = mkdtempSync(join(tmpdir(), "coop-thief-"));
  const code = "const s=Bun.serve({hostname:'127.0.0.1',port:0,fetch:()=>new Response('')});console.log(s.port);";
  chmodSync(folder, 0o755); // a checkout below /root is nobody else's to run, a copy is
  copyFileSync(process.execPath, join(folder, "bun"));
  const thief = Bun.spawn([join(folder, "bun"), "--no-env-file", "--config=/dev/null", "-e", code], {
    uid: 65_534,
    gid: 65_534,
    cwd: "/",
    env: { HOME: "/", TMPDIR: "/tmp" },
    stdout: "pipe",
    stderr: "inherit",
  } as never) as Bun.Subprocess<"ignore", "pipe", "inherit">;
  try {
    const { value } = await thief.stdout.getReader().read();
    const port = Number(new TextDecoder().decode(value));
    expect(port).toBeGreaterThan(0);
    writeRecord({ pid: process.pid, address: `127.0.0.1:${port}` });
    expect(find(`http://127.0.0.1:${port}`)).toBeUndefined();
  } finally {
    thief.kill();
    await thief.exited;
    rmSync(folder, { recursive: true });
  }
});

test("the daemon's own address, by any of its names, gets it; one that listens everywhere too", () => {
  expect(find()).toBe(TOKEN);
  expect(find(`http://localhost:${server.port}`)).toBe(TOKEN);
  writeRecord({ pid: process.pid, address: `0.0.0.0:${server.port}` });
  expect(find()).toBe(TOKEN);
});
