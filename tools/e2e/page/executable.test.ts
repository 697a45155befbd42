import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { pack } from "../../pack/pack.ts";
import { ensurePage } from "../../page/ensure-page.ts";
import { ROOT, type RunningDaemon, startDaemon } from "../programs.ts";

// The one executable has the page in itself: nothing of this repository is there where it runs.
let work: string;
let daemon: RunningDaemon;
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "coop-executable-"));
  await ensurePage(ROOT);
  const { coop, coopd } = await pack(ROOT, join(work, "bin"));
  daemon = await startDaemon({ coop: [coop], coopd: [coopd] }, join(work, "data"), { COOP_AUTH: "none" });
}, 60_000);
afterAll(async () => {
  await daemon?.stop();
  rmSync(work, { recursive: true, force: true });
});

test("the document and every file that it names come out of the executable", async () => {
  const html = await (await fetch(`${daemon.url}/`)).text();
  expect(html.split("\n", 1)).toEqual(["<!doctype html>"]);
  const names = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  expect(names.length).toBeGreaterThanOrEqual(3);
  for (const name of names) {
    const answer = await fetch(`${daemon.url}${name}`);
    expect([name, answer.status, (await answer.text()).length > 0]).toEqual([name, 200, true]);
  }
});

const hasBrowser = existsSync("/usr/bin/chromium");
if (!hasBrowser) console.warn("skipped: /usr/bin/chromium is not there");
test.skipIf(!hasBrowser)(
  "a browser that opens it sees the farm",
  async () => {
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      await page.goto(`${daemon.url}/`);
      await page.waitForSelector("text=coop hen create examples/demo.yaml");
    } finally {
      await browser.close();
    }
  },
  60_000,
);
