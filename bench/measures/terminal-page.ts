import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { commandOf, startDaemon } from "../daemon.ts";
import { type Figure, quantile } from "../figure.ts";
import { openWire } from "../wire.ts";
import { CHROMIUM, WATCH_FRAMES } from "./page.ts";

const LINES = 1_250_000;
const LINE_BYTES = 8;
const HEN = "local.coop/flood";
const MANIFEST = `spec_version: coop/v1
name: flood
brain: {provider_id: none, provider: script, model: hello}
network: {policy: "off"}
`;

/** A hen's terminal on the page while 10 MB come: how fast they do, what a frame takes, and how soon a click is answered (issue 9, shown by 3). */
export async function measureTerminalPage(folder: string): Promise<readonly Figure[]> {
  if (!existsSync(CHROMIUM)) {
    console.log(`skipped, the terminal's page: ${CHROMIUM} is not there`);
    return [];
  }
  const daemon = await startDaemon(join(folder, "terminal"), commandOf("coopd", "dist"), { COOP_AUTH: "none" });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const wire = openWire(daemon.base);
    await wire.call("POST", "/hens", MANIFEST);
    await wire.call("POST", `/hens/${encodeURIComponent(HEN)}/hatch`);
    return await measureFlood(browser, daemon.base);
  } finally {
    await browser.close();
    await daemon.stop();
  }
}

async function measureFlood(browser: Browser, base: string): Promise<readonly Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${base}/terminals?hen=${HEN}`);
  await page.click("text=Start the terminal");
  await page.waitForSelector("text=Every key goes in");
  await page.evaluate(WATCH_FRAMES);
  await page.evaluate(WATCH_CLICKS);
  await page.keyboard.type(`stty -onlcr; seq -f %07.0f ${LINES}; stty onlcr; echo the-e'n'd`);
  const startMs = performance.now();
  await page.keyboard.press("Enter");
  while (!(await isOver(page))) {
    await page.click("[aria-label^='Find (']");
    await page.click("[aria-label='Close the search']");
  }
  const secs = (performance.now() - startMs) / 1_000;
  const { frames } = (await page.evaluate("watched()")) as { frames: readonly number[] };
  const clicks = (await page.evaluate("clicks")) as readonly number[];
  const what = "terminal on the page, 10 MB";
  return [
    { what: `${what}: taken`, value: (LINES * LINE_BYTES) / 1e6 / secs, unit: "MB/s" },
    { what: `${what}: between frames, p95`, value: quantile(frames, 0.95), unit: "ms", budget: { most: 100 } },
    { what: `${what}: a click is drawn, p95`, value: quantile(clicks, 0.95), unit: "ms", budget: { most: 300 } },
  ];
}

function isOver(page: Page): Promise<boolean> {
  return page.evaluate(`document.querySelector(".xterm-rows").textContent.includes("the-end")`);
}

/** Notes how long it took from each click to the frame that shows what it did, ms (Event Timing, in steps of 8). */
const WATCH_CLICKS = `(() => {
  window.clicks = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === "click") window.clicks.push(duration);
  }).observe({ type: "event", durationThreshold: 16 });
})()`;
