import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { commandOf, startDaemon } from "../daemon.ts";
import { type Figure, quantile } from "../figure.ts";
import { seedFarm } from "../seed-farm.ts";
import { openWire, type Wire } from "../wire.ts";

/** Debian's. */
export const CHROMIUM = "/usr/bin/chromium";
const HENS = 1_000;
const UPDATES_A_SECOND = 50;

/** The page over a farm of 1,000 hens of which 50 change each second: what a frame takes, and what it holds (issue 9, shown by 5). */
export async function measurePage(folder: string, measureMs: number): Promise<readonly Figure[]> {
  if (!existsSync(CHROMIUM)) {
    console.log(`skipped, the page: ${CHROMIUM} is not there`);
    return [];
  }
  const dataDir = join(folder, "page");
  await seedFarm(dataDir, HENS, 0);
  const daemon = await startDaemon(dataDir, commandOf("coopd", "dist"), { COOP_AUTH: "none" });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const figures: Figure[] = [];
    for (const view of ["yard", "list"]) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`${daemon.base}/?view=${view}`);
      await page.waitForSelector(view === "yard" ? ".bird" : ".hen-row", { timeout: 60_000 });
      figures.push(...(await measureView(page, openWire(daemon.base), view, measureMs)));
      await page.close();
    }
    return figures;
  } finally {
    await browser.close();
    await daemon.stop();
  }
}

async function measureView(page: Page, wire: Wire, view: string, measureMs: number): Promise<readonly Figure[]> {
  const stop = new AbortController();
  const changing = changeHens(wire, stop.signal);
  await page.evaluate(WATCH_FRAMES);
  await page.waitForTimeout(measureMs);
  const { frames, work } = (await page.evaluate("watched()")) as { frames: readonly number[]; work: readonly number[] };
  stop.abort();
  const changes = await changing;
  if (changes < (UPDATES_A_SECOND * measureMs) / 2_000) throw new Error(`only ${changes} changes in ${measureMs} ms`);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const what = `page, ${view} of ${HENS} hens, ${UPDATES_A_SECOND} changes/s`;
  return [
    { what: `${what}: between frames, p95`, value: quantile(frames, 0.95), unit: "ms", budget: { most: 50 } },
    { what: `${what}: longest task`, value: Math.max(0, ...work), unit: "ms", budget: { most: 200 } },
    { what: `${what}: memory of script`, value: usedSize / 1e6, unit: "MB", budget: { most: 60 } },
  ];
}

/** Script for a page: notes the time between frames, and tasks of more than 50 ms; `watched()` tells them. */
export const WATCH_FRAMES = `(() => {
  const frames = [], work = [];
  let last = performance.now();
  const step = (now) => { frames.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step);
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) work.push(entry.duration); }).observe({ entryTypes: ["longtask"] });
  window.watched = () => ({ frames: frames.slice(1), work });
})()`;

/** Puts hens to sleep and wakes them, so many a second, until it is stopped; answers how many changes that were. */
async function changeHens(wire: Wire, stopped: AbortSignal): Promise<number> {
  let count = 0;
  const startedAt = performance.now();
  while (!stopped.aborted) {
    const hen = encodeURIComponent(`local.coop/seeded-${Math.floor(count / 2) % HENS}`);
    await wire.call("POST", `/hens/${hen}/${count % 2 === 0 ? "sleep" : "wake"}`);
    count += 1;
    const dueInMs = (count / UPDATES_A_SECOND) * 1_000 - (performance.now() - startedAt);
    if (dueInMs > 0) await Bun.sleep(dueInMs);
  }
  return count;
}
