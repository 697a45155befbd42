import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig, script } from "./rig.ts";

setDefaultTimeout(120_000);

/** Each runs a script or asks another host where it is put into a page as HTML or as a link. */
const SCRIPTS = [
  "<script>window.pwned = 1</script>",
  '<img src="x" onerror="window.pwned = 1">',
  '<svg onload="window.pwned = 1"></svg>',
  '<iframe srcdoc="<script>parent.pwned = 1</script>"></iframe>',
  '<img src="http://evil.test/pixel.png">',
  "![pixel](http://evil.test/markdown.png)",
  '<link rel="stylesheet" href="http://evil.test/style.css">',
  '<meta http-equiv="refresh" content="0;url=http://evil.test/">',
  "<style>* { display: none !important }</style>",
  '<base href="http://evil.test/">',
  '<form action="http://evil.test/"><button>Unlock the vault</button></form>',
];
const LINKS =
  "[js](javascript:window.pwned=1) [data](data:text/html,<script>1</script>) [vb](vbscript:x) <javascript:window.pwned=1> [far](http://evil.test/far) [Click to cancel](/api/v1/farm/stop)";
const BIDI = "safe \u202egnp.exe\u202c \u2066x\u2069 zero\u200b\u200bwidth \u{e0041}\u{e0042} end\u2028line";
const ANSI =
  "\u001b[2J\u001b[31mred\u001b]8;;http://evil.test/\u0007link\u001b]8;;\u0007\u001b]52;c;cm0gLXJm\u0007\u0007";
const HOSTILE = `${SCRIPTS.join("\n\n")}\n\n${LINKS}\n\n${BIDI}\n\n${ANSI}`;
/** What holds a careless reader of Markdown, or a careless drawer of text, up. */
const BOMBS = [
  "> ".repeat(12_000),
  "_a".repeat(12_000),
  "[".repeat(24_000),
  "\u200ba".repeat(12_000),
  ANSI.repeat(120),
];

let rig: PageRig;
let hen: string;
let job: string;
let bombs: readonly string[];
let output: string;
beforeAll(async () => {
  if (!hasBrowser) return;
  rig = await openPageRig();
  hen = await rig.raise("mallory");
  const cat = { name: "bash", input: { command: `cat <<'END'\n${HOSTILE}\nEND`, note: HOSTILE } };
  job = await run(
    script(
      { text: HOSTILE, tools: [cat] },
      { text: HOSTILE, tools: [{ name: `${BIDI}<b>`, input: {} }] },
      { text: HOSTILE },
    ),
  );
  await run(script({ text: HOSTILE, error: { code: "brain_refused", message: HOSTILE } }));
  const small = BOMBS.map((text) => ({
    text,
    tools: [{ name: "bash", input: { command: "true", text: text.slice(0, 9_000) } }],
  }));
  bombs = [
    await run(script(...small, { text: "gone off" })),
    await run(script({ text: "_a".repeat(95_000) })),
    await run(script({ text: "\u200ba".repeat(60_000) })),
  ];
  const flood =
    "head -c 1000000 /dev/zero | tr '\\\\0' w; for i in $(seq 3000); do printf '\\\\033[31m\\\\342\\\\200\\\\213x'; done";
  output = await run(
    script({ tools: [{ name: "bash", input: { command: flood.replaceAll("\\\\", "\\") } }] }, { text: "flooded" }),
  );
  await rig.client.jobs.submit(hen, HOSTILE); // not even a script: it fails with the text in its error
  await rig.client.tasks.submit(HOSTILE, null);
});
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

async function run(prompt: string): Promise<string> {
  const id = await rig.client.jobs.submit(hen, prompt);
  for await (const event of rig.client.jobs.live(id)) if (event.type === "end") break;
  return id;
}

describe.skipIf(!hasBrowser)("hostile content", () => {
  test("does its work in a page that does not mind", async () => {
    const { marked } = await import("../../../packages/farm-ui/node_modules/marked/lib/marked.esm.js" as string).catch(
      () => import("marked" as string),
    );
    for (const [at, text] of SCRIPTS.slice(0, 6).entries()) {
      const page = await rig.browser.newPage();
      const asked: string[] = [];
      await page.route("http://evil.test/**", (route) => {
        asked.push(route.request().url());
        return route.abort();
      });
      await page.setContent(`<!doctype html><body>${await marked.parse(text)}</body>`, { waitUntil: "load" });
      await page.waitForTimeout(50);
      const isPwned = (await page.evaluate("window.pwned")) === 1;
      expect([text, isPwned || asked.length > 0]).toEqual([text, true]);
      expect(isPwned).toBe(at < 4);
      await page.close();
    }
    const page = await rig.browser.newPage();
    await page.setContent(await marked.parse(LINKS));
    await page.click("text=js");
    expect(await page.evaluate("window.pwned")).toBe(1);
    await page.close();
  });

  test("has no way into a hen's name", async () => {
    for (const name of ["a\u202eb", "a\u200bb", "<b>", "a b", "\u0430ria"]) {
      const text = `spec_version: coop/v1\nname: ${JSON.stringify(name)}\nbrain: {provider_id: none, provider: script, model: hello}\n`;
      const made = rig.client.hens.create(new TextEncoder().encode(text));
      expect([
        name,
        await made.then(
          () => "made",
          (error) => error.code,
        ),
      ]).toEqual([name, "manifest_invalid"]);
    }
  });

  const PATHS = {
    "/": true,
    "/jobs": true,
    "/tasks?show=all": true,
    "/events?since=0": false, // events hold ids, states and hosts, and no text of anybody
    "/hens/local.coop/mallory": true,
    "/hens/local.coop/mallory/memory": true,
    "/hens/local.coop/mallory/jobs": true,
    "/?peek=local.coop%2Fmallory": true,
  };
  for (const [path, isShown] of Object.entries(PATHS)) {
    test(`is only text at ${path}`, async () => {
      const page = await rig.open(path);
      await page.waitForSelector("main .panel, main section");
      if (isShown) await page.waitForSelector("main >> text=<script>window.pwned >> nth=0", { state: "attached" });
      else await page.waitForLoadState("networkidle");
      await expectHarmless(page);
    });
  }

  for (const tab of ["", "/timeline", "/cost", "/journal"]) {
    test(`is only text in a job${tab === "" ? "'s story" : tab}`, async () => {
      const page = await rig.open(`/jobs/${job}${tab}`);
      await page.waitForSelector("[role=tabpanel] > *");
      for (const fold of await page.locator(".story summary").all()) await fold.click();
      if (tab === "") await page.waitForSelector(".tool-body pre >> text=evil.test >> nth=0");
      if (tab === "/journal") await page.click(".journal-row >> text=brain.response >> nth=0");
      await expectHarmless(page);
    });
  }

  test("has links that ask first, with the whole address, and lead nowhere by themselves", async () => {
    const page = await rig.open(`/jobs/${job}`);
    await page.click(".inert-link >> text=far >> nth=0");
    await page.waitForSelector("dialog >> text=It leads to http://evil.test/far");
    await page.click("dialog >> text=Leave it");
    expect(await page.locator(".inert-link >> text=js").count()).toBe(0);
    expect(await page.locator(".inert-link >> text=Click to cancel").count()).toBe(0);
    await page.click(".markdown >> text=Click to cancel >> nth=0");
    await page.click(".markdown >> text=/^js$/ >> nth=0");
    expect(page.url()).toBe(`${rig.url}/jobs/${job}`);
    expect((await rig.client.farm()).stopped ?? false).toBe(false);
    await expectHarmless(page);
  });

  test("that is made to hold a page up does not: bombs of Markdown, of marks, of escapes, and a line of a million", async () => {
    for (const id of [...bombs, output]) {
      const page = await rig.open(`/jobs/${id}`);
      await page.waitForSelector(".story-end");
      for (const fold of await page.locator(".tool > summary").all()) await fold.click();
      const more = page.locator("button:has-text('Show more'):visible");
      for (let n = 0; n < 3 && (await more.count()) > 0; n += 1) await more.last().click();
      expect(Number(await page.evaluate("document.querySelectorAll('.unseen').length"))).toBeLessThan(20_000);
      await expectHarmless(page);
      await page.goto(`${rig.url}/jobs/${id}/journal?find=evil`);
      await page.waitForSelector(".journal-tools");
      await expectHarmless(page);
    }
  });
});

/** No script ran, nothing left, nothing on the page is more than text, nothing unseen is unseen, and keys still work. */
async function expectHarmless(page: Page): Promise<void> {
  expect(await page.evaluate("window.pwned")).toBe(undefined);
  const found = (await page.evaluate(`(() => {
    const own = [...document.querySelectorAll("#app *")];
    const bad = own.filter((it) => /^(?:script|iframe|object|embed|img|form|base|meta|link|style)$/i.test(it.localName) && !it.matches("form.new-task, main form"));
    const handlers = own.filter((it) => [...it.attributes].some(({ name }) => name.startsWith("on")));
    const links = [...document.querySelectorAll("#app a[href]")].filter((it) => it.origin !== location.origin);
    const attributes = own.flatMap((it) => [...it.attributes].map(({ value }) => value)).join("\\n");
    const unseen = /[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\u2028\\u001b\\u0007]/;
    return {
      bad: bad.map((it) => it.outerHTML.slice(0, 200)),
      handlers: handlers.length,
      links: links.map((it) => it.href),
      isUnseen: unseen.test(document.getElementById("app").textContent) || unseen.test(attributes) || unseen.test(document.title),
    };
  })()`)) as object;
  expect(found).toEqual({ bad: [], handlers: 0, links: [], isUnseen: false });
  await page.keyboard.press("Escape");
  await page.evaluate("document.activeElement?.blur()");
  await page.keyboard.press("?");
  await page.waitForSelector("dialog >> text=show these keys");
  await page.keyboard.press("Escape");
  expect(rig.complaints).toEqual([]);
}
