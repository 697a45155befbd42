import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type CoopClient, openClient } from "../../../packages/coop-client/src/index.ts";
import { FROM_SOURCE, type RunningDaemon, startDaemon } from "../programs.ts";

const CHROMIUM = "/usr/bin/chromium";
/** Whether tests of the page can run here; whoever skips says so by `describe.skipIf(!hasBrowser)`. */
export const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser) console.warn(`skipped, with everything that needs a browser: ${CHROMIUM} is not there`);

/** How a page is opened. */
export interface PageWish {
  readonly theme?: "light" | "dark";
  /** 390 × 844 with touch, as a phone is. */
  readonly isPhone?: boolean;
  readonly isStill?: boolean;
}

/** A real daemon with its token, and a real browser that is logged in to it. */
export interface PageRig {
  readonly browser: Browser;
  readonly client: CoopClient;
  readonly url: string;
  readonly dataDir: string;
  /** Opens the page at a path, logged in. What it complains of is noted; see `complaints`. */
  open(path: string, wish?: PageWish): Promise<Page>;
  /** Closes every page: afterEach, since a yard in motion that nobody looks at slows the next test down. */
  closePages(): Promise<void>;
  /** Creates and hatches a hen whose brain plays the script in its job's prompt; answers its id. */
  raise(name: string, extra?: string, tools?: string): Promise<string>;
  /** Kills the daemon as the power would fail and starts it again on the same port. */
  killAndRestart(whileItIsDown?: () => Promise<void>): Promise<void>;
  /** Errors on the console, exceptions, and requests to other hosts, of every page so far. A test ends with `toEqual([])`. */
  readonly complaints: readonly string[];
  /** The page's own connection loss is no complaint while the daemon is down. */
  forgive(pattern: RegExp): void;
  close(): Promise<void>;
}

/** Opens both; `settings` are the daemon's environment. Whoever opens closes. */
export async function openPageRig(settings: Readonly<Record<string, string>> = {}): Promise<PageRig> {
  const work = mkdtempSync(join(tmpdir(), "coop-page-"));
  const dataDir = join(work, "data");
  let daemon: RunningDaemon = await startDaemon(FROM_SOURCE, dataDir, settings);
  const { url } = daemon;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const token = readFileSync(join(dataDir, "token"), "utf8").trim();
  const client = openClient({ baseUrl: url, token });
  const complaints: string[] = [];
  const forgiven: RegExp[] = [];
  const complain = (text: string) => {
    if (!forgiven.some((pattern) => pattern.test(text))) complaints.push(text);
  };
  return {
    browser,
    client,
    url,
    dataDir,
    complaints,
    forgive: (pattern) => void forgiven.push(pattern),
    async open(path, wish = {}) {
      const context = await browser.newContext(toContext(wish));
      const page = await context.newPage();
      listen(page, url, complain);
      await logIn(context, client);
      await page.goto(`${url}${path}`);
      return page;
    },
    async closePages() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    raise: (name, extra = "", tools = "bash, file_read, file_write") => raise(client, name, extra, tools),
    async killAndRestart(whileItIsDown) {
      await daemon.kill();
      await whileItIsDown?.();
      daemon = await startDaemon(FROM_SOURCE, dataDir, settings, Number(new URL(url).port));
    },
    async close() {
      await browser.close();
      await daemon.stop();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

function toContext({ theme = "light", isPhone, isStill }: PageWish): Parameters<Browser["newContext"]>[0] {
  return {
    colorScheme: theme,
    reducedMotion: isStill === true ? "reduce" : "no-preference",
    viewport: isPhone === true ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    ...(isPhone === true ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
  };
}

async function logIn(context: BrowserContext, client: CoopClient): Promise<void> {
  const link = await client.access.onceLink();
  const page = await context.newPage();
  await page.goto(link.url, { waitUntil: "commit" });
  await page.close();
}

function listen(page: Page, url: string, complain: (text: string) => void): void {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complain(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complain(`exception: ${error.message}`));
  page.on("request", (request) => {
    const isOurs = request.url().startsWith(`${url}/`) || /^(?:data|blob):/.test(request.url());
    if (!isOurs) complain(`another host: ${request.url()}`);
  });
}

async function raise(client: CoopClient, name: string, extra: string, tools: string): Promise<string> {
  const manifest = `spec_version: coop/v1
name: ${name}
brain: {provider_id: none, provider: script, model: prompt}
tools: [${tools}]
${/^network:/m.test(extra) ? "" : 'network: {policy: "off"}\n'}${extra}`;
  const { id } = await client.hens.create(new TextEncoder().encode(manifest));
  await client.hens.hatch(id);
  return id;
}

/** The prompt that makes such a hen play these turns; see docs/scripted-brain.md. */
export function script(...turns: readonly object[]): string {
  return JSON.stringify(turns);
}

/** How often a condition in the page is looked at, ms. */
const LOOK_MS = 50;

/**
 * Waits until an expression holds in the page. Playwright's own `waitForFunction` evaluates text inside the page, which the page's
 * policy forbids; `evaluate` comes from outside. @throws Error when it does not hold within `limitMs`
 */
export async function until(page: Page, expression: string, limitMs = 20_000): Promise<void> {
  for (const deadline = performance.now() + limitMs; performance.now() < deadline; ) {
    if (await page.evaluate(expression)) return;
    await page.waitForTimeout(LOOK_MS);
  }
  throw new Error(`it did not come true within ${limitMs} ms: ${expression}`);
}
