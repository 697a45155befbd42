import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { type Flock, makeFlock } from "./flock.ts";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";
import { SCREENS } from "./screens.ts";

// Every screen is judged against WCAG 2.2 AA by IBM's Equal Access engine (axe-core's licence is none of those we take).
const ENGINE = Bun.resolveSync("accessibility-checker-engine/ace-window.js", import.meta.dir);

let rig: PageRig;
let flock: Flock;
let engine: string;
beforeAll(async () => {
  if (!hasBrowser) return;
  engine = await Bun.file(ENGINE).text();
  rig = await openPageRig();
  flock = await makeFlock(rig);
}, 120_000);
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

/** Colours that script chooses, a terminal's, follow two frames later. */
const DRAWN =
  "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))";

interface Finding {
  readonly ruleId: string;
  readonly reasonId: string | number;
  readonly value: readonly [string, string];
  readonly message: string;
  readonly snippet: string;
  readonly path: { readonly dom: string };
}

/** What is surely wrong, one line each; what a person would have to look at is not judged here. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(engine); // from outside: the page's own policy lets no such script in
  const report = (await page.evaluate(
    `new window.ace.Checker().check(document, ["WCAG_2_2"]).then(({ results }) => results)`,
  )) as readonly Finding[];
  return report
    .filter(({ value: [level, verdict] }) => level === "VIOLATION" && verdict === "FAIL")
    .map(({ ruleId, message, snippet, path }) => `${ruleId}: ${message} at ${path.dom} ${snippet.slice(0, 160)}`);
}

describe.skipIf(!hasBrowser)("accessibility", () => {
  test("the engine finds what is wrong: a button without a name, text that cannot be read", async () => {
    const page = await rig.open("/");
    await page.waitForSelector("h2");
    await page.evaluate(`document.querySelector("main").innerHTML += "<button></button><p>pale</p>"`);
    await page.evaluate(`document.querySelector("main p:last-child").style.cssText = "color:#eee;background:#fff"`);
    const found = (await violations(page)).join("\n");
    expect(found).toContain("input_label_exists");
    expect(found).toContain("text_contrast_sufficient");
  }, 60_000);

  for (const { name, path, ready } of SCREENS) {
    test(`${name}, by day, by night and on a phone`, async () => {
      const page = await rig.open(path(flock), { theme: "light", isStill: true });
      await ready(page, flock);
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
      await page.evaluate(DRAWN);
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await violations(page)).toEqual([]);
    }, 90_000);
  }
});
