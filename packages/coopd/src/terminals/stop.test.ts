import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDaemonProcess } from "../testing/daemon-process.ts";
import { openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";
import { processesWith } from "../testing/processes.ts";
import { openRawShell } from "../testing/raw-shell.ts";

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "coopd-terminals-stop-"));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test("SIGTERM with live terminals that flood, hang and ignore signals: all are told, and nothing is left (weaknesses D9, G1)", async () => {
  const daemon = await startDaemonProcess(dataDir);
  const programs = [
    "yes",
    "trap '' HUP INT TERM; sleep 98761; sleep 98761",
    "setsid sleep 98761",
    "stty raw -echo; cat",
  ];
  const clients = await Promise.all(
    programs.map(async (program, n) => {
      const client = await openRawShell(daemon.base, await daemon.hatch(promptHen(`hen${n}`)));
      await client.saw(/\$ $/);
      client.type(`${program}\r`);
      return client;
    }),
  );
  while (processesWith("sleep 98761").length < 2) await Bun.sleep(20);
  expect(await daemon.end("SIGTERM")).toBe(0); // 1 would say that the deadline of 3.5 s ended it
  for (const { closed } of clients) {
    expect(await closed).toMatchObject({ type: "error", message: expect.stringContaining("the daemon is stopping") });
  }
  expect(processesWith("sleep 98761")).toEqual([]);
  expect(processesWith(dataDir)).toEqual([]);
}, 30_000);

test("a terminal that nobody uses is ended and says so; one that is used is not", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_TERMINAL_IDLE_SECS: "1" });
  const idle = await openRawShell(daemon.base, await daemon.hatch(promptHen("idle")));
  const busy = await openRawShell(daemon.base, await daemon.hatch(promptHen("busy")));
  await busy.saw(/\$ $/);
  busy.type("while sleep 0.2; do echo tick; done\r");
  expect(await idle.closed).toMatchObject({ type: "error", message: expect.stringContaining("nobody used it") });
  busy.type("\u0003");
  await busy.saw(/tick[\s\S]*\^C/);
}, 15_000);
