import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { FROM_SOURCE, ROOT, type RunningDaemon, runCoop, startDaemon } from "./programs.ts";

// Issue 7, shown by 1: a page with xterm.js in a real browser, served from an origin that the daemon was told to trust.
const CHROMIUM = "/usr/bin/chromium";
const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser) console.warn(`skipped, with everything that needs a browser: ${CHROMIUM} is not there`);
const XTERM = dirname(Bun.resolveSync("@xterm/xterm/package.json", join(ROOT, "packages/farm-ui")));
const HEN = "local.coop/aria";
const MANIFEST = `spec_version: coop/v1
name: aria
brain: {provider_id: none, provider: script, model: demo}
network: {policy: "off"}
`;

/** As a page of the Farm UI would: acks once the terminal has drawn, sizes, and what it shows for the test to read. */
const pageFor = (daemonUrl: string) => `<!doctype html><meta charset="utf-8"><title>terminal</title>
<link rel="stylesheet" href="/xterm.css"><div id="screen"></div><script src="/xterm.js"></script><script>
const term = new Terminal({ cols: 100, rows: 30, scrollback: 1000 });
term.open(document.getElementById("screen"));
let socket, ticks = 0, longest = 0, last = performance.now();
setInterval(() => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; ticks += 1; }, 50);
window.attach = (query = "") => new Promise((resolve) => {
  socket = new WebSocket("${daemonUrl.replace("http", "ws")}/api/v1/hens/local.coop%2Faria/shell?acks=true&cols=" + term.cols + "&rows=" + term.rows + query);
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") { window.notices.push(JSON.parse(data)); resolve(); return; }
    const bytes = new Uint8Array(data);
    window.received += bytes.length;
    term.write(bytes, () => socket.send(JSON.stringify({ type: "ack", bytes: bytes.length })));
  };
});
window.notices = []; window.received = 0;
term.onData((text) => socket.send(new TextEncoder().encode(text)));
term.onResize(({ cols, rows }) => socket.send(JSON.stringify({ type: "resize", cols, rows })));
window.detach = () => socket.close();
window.resize = (cols, rows) => term.resize(cols, rows);
window.shown = () => Array.from({ length: term.rows }, (_, n) => term.buffer.active.getLine(term.buffer.active.viewportY + n)?.translateToString(true) ?? "").join("\\n");
window.colourOf = (word) => {
  for (let y = 0; y < term.buffer.active.length; y += 1) {
    const line = term.buffer.active.getLine(y); const x = line.translateToString(false).lastIndexOf(word);
    if (x >= 0 && line.getCell(x).isFgPalette()) return line.getCell(x).getFgColor();
  }
};
window.screenKind = () => term.buffer.active.type;
window.pace = () => { const found = { ticks, longest }; longest = 0; return found; };
</script>`;

let work: string;
let daemon: RunningDaemon;
let browser: Browser;
let site: Bun.Server<undefined>;
let page: Page;
beforeAll(async () => {
  if (!hasBrowser) return;
  work = mkdtempSync(join(tmpdir(), "coop-terminal-page-"));
  let url = "";
  site = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/xterm.js") return new Response(Bun.file(join(XTERM, "lib/xterm.js")));
      if (pathname === "/xterm.css") return new Response(Bun.file(join(XTERM, "css/xterm.css")));
      return new Response(pageFor(url), { headers: { "content-type": "text/html" } });
    },
  });
  daemon = await startDaemon(FROM_SOURCE, join(work, "data"), {
    COOP_AUTH: "none",
    COOP_ALLOWED_HOSTS: `127.0.0.1:${site.port}`,
  });
  url = daemon.url;
  await Bun.write(join(work, "aria.yaml"), MANIFEST);
  await runCoop(FROM_SOURCE, url, "hen", "create", join(work, "aria.yaml"));
  await runCoop(FROM_SOURCE, url, "hen", "hatch", HEN);
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.port}/`);
  await page.evaluate("attach()");
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop(true);
  await daemon?.stop();
  if (work !== undefined) rmSync(work, { recursive: true, force: true });
});

const type = (text: string) => page.locator("textarea.xterm-helper-textarea").pressSequentially(text);
const enter = async (line: string) => {
  await type(line);
  await page.keyboard.press("Enter");
};
const shows = (text: string) =>
  page.waitForFunction(`shown().includes(${JSON.stringify(text)})`, undefined, { timeout: 20_000 });

test.skipIf(!hasBrowser)(
  "keys, echo, colours and Ctrl-C",
  async () => {
    await enter("echo typed-$((40+2))");
    await shows("typed-42");
    await enter("printf '\\033[35mviolet\\033[0m\\n'");
    await page.waitForFunction("colourOf('violet') === 5");
    await enter("bash -c 'echo slee''ps; exec sleep 100'"); // once it speaks it has the terminal, and a key cannot come too early
    await shows("\nsleeps");
    await page.keyboard.press("Control+c");
    await shows("^C");
    await page.keyboard.press("Enter");
    await enter("echo after");
    await shows("\nafter");
  },
  60_000,
);

test.skipIf(!hasBrowser)(
  "a full-screen program, a new size in the middle, and a reload that shows it again",
  async () => {
    const editor = ["/usr/bin/vim", "/usr/bin/vi"].find(existsSync);
    if (editor === undefined) {
      console.warn("skipped, the full-screen program: there is no vi in /usr/bin");
      return;
    }
    await enter(`${editor} -u NONE page.txt`);
    await page.waitForFunction("screenKind() === 'alternate'");
    await type("ifrom the page");
    await shows("from the page");
    await page.evaluate("resize(90, 25)");
    await page.reload();
    await page.evaluate("resize(90, 25)").catch(() => undefined); // no socket yet: only the size
    await page.evaluate("attach()");
    await shows("from the page");
    expect(await page.evaluate("screenKind()")).toBe("alternate");
    await page.locator("textarea.xterm-helper-textarea").focus();
    await page.keyboard.press("Escape");
    await enter(":wq");
    await page.waitForFunction("screenKind() === 'normal'");
    expect(readFileSync(join(work, "data/workdirs/local-coop__aria/page.txt"), "utf8")).toBe("from the page\n");
  },
  60_000,
);

test.skipIf(!hasBrowser)(
  "a flood freezes neither the page nor the daemon, and the page gets all of 10 MB",
  async () => {
    const before = (await page.evaluate("received")) as number;
    await enter("stty -onlcr; seq -f %07.0f 1250000; stty onlcr; echo the-e'n'd");
    await page.waitForFunction("shown().includes('the-end')", undefined, { timeout: 120_000 });
    expect(((await page.evaluate("received")) as number) - before).toBeGreaterThanOrEqual(10_000_000);
    const start = (await page.evaluate("pace()")) as { ticks: number };
    await enter("yes");
    await page.waitForFunction("shown().startsWith('y\\ny')");
    for (let n = 0; n < 10; n += 1) expect((await fetch(`${daemon.url}/api/v1/healthz`)).status).toBe(200);
    await page.waitForTimeout(2_000);
    const pace = (await page.evaluate("pace()")) as { ticks: number; longest: number };
    console.log(`the page's longest pause during the flood: ${Math.round(pace.longest)} ms`);
    expect(pace.ticks - start.ticks).toBeGreaterThan(5);
    await page.keyboard.press("Control+c");
    await shows("^C");
  },
  180_000,
);
