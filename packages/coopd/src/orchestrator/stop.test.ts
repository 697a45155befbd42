import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDaemonProcess } from "../testing/daemon-process.ts";
import { promptHen } from "../testing/daemon-under-test.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "coopd-stop-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const CLIENTS = 16;
const WATCHERS = 3;
/** Brain and tool, so that both kinds of steps are under way when the signal comes. */
const PROMPT = '  - tools: [{name: bash, input: {command: "sleep 0.05"}}]\n  - {delay_ms: 30, text: ok}\n';

describe("SIGTERM in the middle of everything (weaknesses D9)", () => {
  test("watchers are told, the process is gone within 4 s, and what was accepted ends after the restart", async () => {
    let daemon = await startDaemonProcess(dataDir);
    const hens = await Promise.all(Array.from({ length: 8 }, (_, n) => daemon.hatch(promptHen(`hen-${n}`))));
    const goodbyes: string[] = [];
    await Promise.all(Array.from({ length: WATCHERS }, () => watch(daemon.base, (text) => goodbyes.push(text))));
    const accepted: string[] = [];
    const client = async (hen: string) => {
      // Until it is refused or finds nobody: both are what a client sees of a daemon that stops.
      for (;;) {
        const id = await daemon.submit(hen, PROMPT).catch(() => undefined);
        if (id === undefined) return;
        accepted.push(id);
        await Bun.sleep(20);
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, n) => client(hens[n % hens.length] ?? ""));
    await Bun.sleep(500);
    const startedMs = performance.now();
    expect(await daemon.end("SIGTERM")).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    await Promise.all(clients);
    expect(goodbyes.length).toBe(WATCHERS);
    daemon = await startDaemonProcess(dataDir);
    const jobs = await Promise.all(accepted.map((id) => daemon.ended(id)));
    expect(jobs.length).toBeGreaterThan(CLIENTS);
    expect(jobs.map(({ status }) => status)).toEqual(jobs.map(() => "DONE"));
    expect(await daemon.end("SIGTERM")).toBe(0);
  }, 90_000);
});

function watch(base: string, onGoodbye: (text: string) => void): Promise<void> {
  const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/watch`);
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = reject;
    socket.onmessage = ({ data }) => {
      if (String(data) === '{"type":"shutting_down"}') onGoodbye(String(data));
    };
  });
}
