import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { openClient } from "../../packages/coop-client/src/index.ts";
import { bareEnvironment, FROM_SOURCE, type RunningDaemon, runCoop, startDaemon } from "./programs.ts";

// Issue 8, shown by 2: a page of another origin, a sandboxed frame and a rebound name, in a real browser that is logged in
// to the farm; and a hen's own bash. Each attack is first shown to work on a server without our door.
const CHROMIUM = "/usr/bin/chromium";
const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser) console.warn(`skipped, with everything that needs a browser: ${CHROMIUM} is not there`);
/** Resolved to this machine by the browser alone; nothing is ever asked of a name server. */
const REBOUND = "rebound.test";

let work: string;
let daemon: RunningDaemon;
let browser: Browser;
let attacker: Bun.Server<undefined>;
let naive: Bun.Server<undefined>;
/** What the server without a door was asked to do, and did. */
const done: string[] = [];

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "coop-origin-"));
  daemon = await startDaemon(FROM_SOURCE, join(work, "data"));
  attacker = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(ATTACK_PAGE, { headers: { "content-type": "text/html" } }),
  });
  naive = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, server) {
      const { pathname } = new URL(request.url);
      if (server.upgrade(request)) return undefined;
      done.push(`${request.method} ${pathname}`);
      return new Response("{}", { headers: { "content-type": "application/json" } });
    },
    websocket: { message: () => {} },
  });
  if (!hasBrowser) return;
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`],
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await Promise.all([attacker.stop(true), naive.stop(true), daemon.stop()]);
  rmSync(work, { recursive: true, force: true });
});

/**
 * Runs in the page: tries every way that a page has, and tells which got anywhere. `load` of a frame says nothing, so frames
 * are judged by the answer that the browser saw.
 */
const ATTACK_PAGE = `<!doctype html><meta charset="utf-8"><title>attack</title><body><script>
window.attack = async (base) => {
  const ws = base.replace("http", "ws");
  const within = (work) => Promise.race([work, new Promise((resolve) => setTimeout(() => resolve("nothing"), 3000))]);
  const element = (name, set) => within(new Promise((resolve) => {
    const one = document.createElement(name);
    one.onload = () => resolve("loaded");
    one.onerror = () => resolve("refused");
    set(one);
    document.body.append(one);
  }));
  const opens = (make, on) => within(new Promise((resolve) => {
    const one = make();
    one[on] = () => { one.close(); resolve("opened"); };
    one.onerror = () => resolve("refused");
  }));
  const sent = (init) => fetch(base + "/api/v1/farm/stop", { method: "POST", credentials: "include", ...init })
    .then((answer) => answer.type, () => "refused");
  return {
    read: await fetch(base + "/api/v1/farm", { credentials: "include" }).then((a) => a.text(), () => "refused"),
    blind: await sent({ mode: "no-cors" }),
    plain: await sent({ mode: "no-cors", headers: { "content-type": "text/plain" }, body: "{}" }),
    socket: await opens(() => new WebSocket(ws + "/api/v1/watch"), "onopen"),
    shell: await opens(() => new WebSocket(ws + "/api/v1/hens/local.coop%2Fdemo/shell"), "onopen"),
    stream: await opens(() => new EventSource(base + "/api/v1/watch", { withCredentials: true }), "onopen"),
    script: await element("script", (one) => { one.src = base + "/api/v1/farm"; }),
    frame: await element("iframe", (one) => { one.src = base + "/farm"; }),
    form: await within(new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.name = "target";
      frame.onload = () => resolve("sent");
      const form = document.createElement("form");
      form.method = "post";
      form.target = "target";
      form.action = base + "/api/v1/farm/stop";
      document.body.append(frame, form);
      form.submit();
    })),
  };
};
</script>`;

type Found = Readonly<Record<string, string>>;

/** What the page at `from` found when it attacked `base`. */
async function attack(context: BrowserContext, from: string, base: string, sandboxed = false): Promise<Found> {
  const page = await context.newPage();
  await page.goto(from);
  let frame = page.mainFrame();
  if (sandboxed) {
    const html = `<iframe sandbox="allow-scripts allow-forms" src="${from}"></iframe>`;
    await page.evaluate(`document.body.innerHTML = ${JSON.stringify(html)}`);
    await page.waitForFunction("window.frames.length === 1");
    frame = page.frames().find((one) => one !== page.mainFrame()) ?? frame;
    await frame.waitForFunction("'attack' in window");
  }
  const found = (await frame.evaluate(`window.attack(${JSON.stringify(base)})`)) as Found;
  await page.close();
  return found;
}

/** The farm's own count of its answers, by route and status. */
async function answersOf(base: string): Promise<ReadonlyMap<string, number>> {
  const token = (await Bun.file(join(work, "data", "token")).text()).trim();
  const text = await (await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
  const lines = [...text.matchAll(/^coop_http_requests_total\{route="([^"]+)",status="(\d+)"\} (\d+)$/gm)];
  return new Map(lines.map(([, route, status, count]) => [`${status} ${route}`, Number(count)]));
}

/** What was answered in between, but for the question itself. */
function between(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Record<string, number> {
  const changed = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return Object.fromEntries(changed.filter(([key, count]) => count > 0 && key !== "200 GET /metrics"));
}

/** A browser that is logged in to the farm, as its farmer's is. */
async function farmersBrowser(): Promise<BrowserContext> {
  const { stdout } = await runCoop(FROM_SOURCE, daemon.url, "open", "--print");
  const context = await browser.newContext();
  const page = await context.newPage();
  // Until the page has read what it shows: its answers are not to be taken for the attacker's.
  await page.goto((JSON.parse(stdout) as { url: string }).url, { waitUntil: "networkidle" });
  expect([page.url(), await page.title()]).toEqual([`${daemon.url}/`, "🐔 Coop Farm"]);
  await page.close();
  return context;
}

async function isStopped(): Promise<boolean> {
  return JSON.parse((await runCoop(FROM_SOURCE, daemon.url, "farm")).stdout).stopped;
}

describe.skipIf(!hasBrowser)("a real browser that is logged in to the farm", () => {
  test("the attack works where there is no door", async () => {
    const context = await browser.newContext();
    const found = await attack(context, attacker.url.href, `http://127.0.0.1:${naive.port}`);
    expect(found).toMatchObject({
      blind: "opaque",
      plain: "opaque",
      socket: "opened",
      shell: "opened",
      script: "loaded",
    });
    expect(done).toContain("POST /api/v1/farm/stop");
    await context.close();
  }, 60_000);

  for (const name of ["127.0.0.1", "localhost", REBOUND]) {
    for (const sandboxed of [false, true]) {
      test(`a page at ${name}${sandboxed ? ", in a sandboxed frame," : ""} gets nowhere`, async () => {
        const context = await farmersBrowser();
        const before = await answersOf(daemon.url);
        const found = await attack(context, `http://${name}:${attacker.port}/`, daemon.url, sandboxed);
        const answers = between(before, await answersOf(daemon.url));
        expect(found).toMatchObject({
          read: "refused",
          socket: "refused",
          shell: "refused",
          stream: "refused",
          script: "refused",
        });
        // Refused at the door, each of them: before a route or a token was looked at.
        expect(Object.keys(answers)).toEqual(["403 other"]);
        expect(answers["403 other"]).toBeGreaterThan(6);
        expect(await isStopped()).toBe(false);
        await context.close();
      }, 60_000);
    }
  }

  test("a name that is rebound to the farm's own port gets no page and no answer", async () => {
    const context = await farmersBrowser();
    const page = await context.newPage();
    const base = `http://${REBOUND}:${new URL(daemon.url).port}`;
    expect((await page.goto(`${base}/`))?.status()).toBe(403);
    const status = await page.evaluate('fetch("/api/v1/farm").then((answer) => answer.status)');
    expect(status).toBe(403);
    await context.close();
  }, 60_000);

  test("the farm's own pages work under their policy: login, style, logout, and a link from elsewhere", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(`${daemon.url}/farm`);
    expect(page.url()).toBe(`${daemon.url}/login`);
    await page.fill("#token", "wrong-token-wrong-token");
    await page.click("button");
    await page.waitForFunction("document.querySelector('[role=alert]')?.textContent.includes('no token of this farm')");
    await page.waitForLoadState("load");
    await page.fill("#token", (await Bun.file(join(work, "data", "token")).text()).trim());
    await page.click("button");
    await page.waitForURL(`${daemon.url}/`);
    await page.waitForFunction("getComputedStyle(document.body).maxWidth !== 'none'"); // styles may come after the page
    expect(await page.evaluate("document.cookie")).toBe("");
    const elsewhere = await context.newPage();
    await elsewhere.goto(`http://localhost:${attacker.port}/`); // another site: the cookie stays at home at first
    const link = `<a href="${daemon.url}/farm">the farm</a>`;
    await elsewhere.evaluate(`document.body.innerHTML = ${JSON.stringify(link)}`);
    await elsewhere.click("a");
    await elsewhere.waitForURL(`${daemon.url}/farm`);
    await elsewhere.waitForSelector("h2");
    expect(complaints.filter((text) => /policy|refused|blocked/i.test(text))).toEqual([]);
    await context.close();
  }, 60_000);
});

test("a hen's own bash reaches neither API nor page, though the daemon asks for no token", async () => {
  const env = { ...bareEnvironment(work), COOP_AUTH: "none" };
  const child = Bun.spawn([...FROM_SOURCE.coopd, "--data-dir", join(work, "open"), "serve", "--addr", "127.0.0.1:0"], {
    env,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  try {
    const base = await readAddress(child.stderr);
    const { port } = new URL(base);
    const ask = (to: string, first = "") =>
      `exec 3<>/dev/tcp/${to} && printf '${first}GET /api/v1/farm HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n' >&3 && timeout 5 cat <&3`;
    const direct = ask(`127.0.0.1/${port}`);
    const host = Bun.spawnSync(["bash", "-c", direct]);
    expect(host.stdout.toString()).toContain("coop_id"); // it works without the walls
    const tries = [
      direct,
      ask(`localhost/${port}`),
      ask("127.0.0.1/3128", `CONNECT 127.0.0.1:${port} HTTP/1.1\\r\\nHost: 127.0.0.1:${port}\\r\\n\\r\\n`),
      ask(`$(hostname -I 2>/dev/null | cut -d" " -f1)/${port}`),
    ];
    const client = openClient({ baseUrl: base });
    for (const policy of ["off", "open"]) {
      const manifest = `spec_version: coop/v1\nname: ${policy}\nbrain: {provider_id: none, provider: script, model: prompt}\ntools: [bash]\nnetwork: {policy: "${policy}"}\n`;
      const { id } = await client.hens.create(new TextEncoder().encode(manifest));
      await client.hens.hatch(id);
      const tools = tries.map((command) => ({
        name: "bash",
        input: { command: `bash -c ${quote(command)}; echo tried` },
      }));
      const job = await client.jobs.submit(id, JSON.stringify([{ tools }, { text: "done" }]));
      while (!/DONE|FAILED/.test((await client.jobs.get(job)).status)) await Bun.sleep(50);
      const results: string[] = [];
      for await (const entry of client.jobs.journal(job))
        if (entry.kind === "tool.result") results.push(JSON.stringify(entry));
      expect([policy, results.length, results.every((text) => text.includes("tried"))]).toEqual([
        policy,
        tries.length,
        true,
      ]);
      expect(results.filter((text) => text.includes("coop_id") || text.includes("HTTP/1.1 200"))).toEqual([]);
    }
  } finally {
    child.kill("SIGTERM");
    await child.exited;
  }
}, 60_000);

function quote(command: string): string {
  return `'${command.replaceAll("'", `'\\''`)}'`;
}

async function readAddress(stderr: ReadableStream<Uint8Array>): Promise<string> {
  let log = "";
  for await (const bytes of stderr as unknown as AsyncIterable<Uint8Array>) {
    log += new TextDecoder().decode(bytes);
    const address = /coopd is up .*address=(http:\/\/[^/\s"]+)/.exec(log)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(log);
}
