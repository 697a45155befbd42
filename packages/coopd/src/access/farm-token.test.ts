import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readInvocation } from "../config.ts";
import { openDaemonUnderTest } from "../testing/daemon-under-test.ts";
import { openFarmToken } from "./farm-token.ts";
import { assertFrontDoor } from "./front-door.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "coopd-door-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open(env: Record<string, string>, addr = "127.0.0.1:0"): void {
  const invocation = readInvocation(["--data-dir", dir, "serve", "--addr", addr], env);
  if ("config" in invocation) assertFrontDoor(invocation.config);
}

test("no door is opened beyond this machine without a token that somebody can know", () => {
  for (const addr of ["0.0.0.0:0", "[::]:0", "192.168.0.7:0", "farm.lan:0"]) {
    expect(() => open({}, addr)).toThrow("without a token");
    expect(() => open({ COOP_AUTH: "none" }, addr)).toThrow("COOP_AUTH=none is for loopback");
    expect(() => open({ COOP_API_TOKEN: "  " }, addr)).toThrow("without a token");
    expect(() => open({ COOP_API_TOKEN: "fifteen-letters" }, addr)).toThrow("has 15 characters");
    expect(() => open({ COOP_API_TOKEN: "sixteen-letters-" }, addr)).not.toThrow();
  }
  expect(() => open({ COOP_API_TOKEN: "sesame" })).not.toThrow();
  expect(() => open({ COOP_PUBLIC: "1", COOP_API_TOKEN: "sesame" })).toThrow("has 6 characters");
  expect(() => open({ COOP_PUBLIC: "1" })).toThrow("COOP_PUBLIC=1 needs a token");
  expect(() => open({ COOP_PUBLIC: "1", COOP_AUTH: "none" })).toThrow("COOP_PUBLIC=1 needs a token");
  expect(() => open({ COOP_AUTH: "none", COOP_API_TOKEN: "sesame" })).toThrow("contradict");
  expect(() => open({ COOP_AUTH: "off" })).toThrow('COOP_AUTH is "off"');
  expect(() => open({ COOP_ALLOWED_HOSTS: "farm.lan,https://x" })).toThrow("no host name");
  openFarmToken(dir);
  expect(() => open({}, "0.0.0.0:0")).not.toThrow();
  expect(() => open({ COOP_AUTH: "none" })).not.toThrow();
});

test("a token that others may have read, a link, a folder and a short text are refused, and nothing is changed", () => {
  const path = join(dir, "token");
  writeFileSync(path, "x\n", { mode: 0o600 });
  expect(() => openFarmToken(dir)).toThrow("at least 16 characters");
  writeFileSync(path, `${"x".repeat(40)}\n`);
  chmodSync(path, 0o644);
  expect(() => openFarmToken(dir)).toThrow("open to other users");
  rmSync(path);
  writeFileSync(join(dir, "elsewhere"), "x".repeat(40), { mode: 0o600 });
  symlinkSync(join(dir, "elsewhere"), path);
  expect(() => openFarmToken(dir)).toThrow();
});

test("the first start makes it, private and random; later ones and restarts keep it", async () => {
  const token = openFarmToken(dir);
  expect(token).toMatch(/^coop_[\w-]{43}$/);
  expect(statSync(join(dir, "token")).mode & 0o777).toBe(0o600);
  expect(openFarmToken(dir)).toBe(token);
  {
    await using daemon = await openDaemonUnderTest({ COOP_AUTH: "token" }, dir);
    expect((await fetch(`${daemon.base}/api/v1/farm`)).status).toBe(401);
    expect((await daemon.call("GET", "/farm")).status).toBe(200);
    expect(daemon.logLines.join("")).not.toContain(token);
  }
  expect(readFileSync(join(dir, "token"), "utf8")).toBe(`${token}\n`);
});
