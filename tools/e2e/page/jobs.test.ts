import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig, script } from "./rig.ts";

setDefaultTimeout(60_000);

let rig: PageRig;
let aria: string;
let bruna: string;
beforeAll(async () => {
  if (!hasBrowser) return;
  rig = await openPageRig();
  [aria, bruna] = [await rig.raise("aria"), await rig.raise("bruna")];
  const asked: string[] = [];
  for (let n = 1; n <= 56; n += 1) {
    asked.push(await rig.client.jobs.submit(aria, script({ text: `number ${n}` })));
  }
  asked.push(await rig.client.jobs.submit(bruna, script({ error: { code: "brain_refused", message: "no rye" } })));
  for (const id of asked) for await (const event of rig.client.jobs.live(id)) if (event.type === "end") break;
});
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

const prompts = (page: Page) => page.locator(".job-row-prompt").allInnerTexts();

describe.skipIf(!hasBrowser)("the list of jobs", () => {
  test("comes a page at a time by the farm's own cursor, forth and back, and the address restores it", async () => {
    const page = await rig.open("/jobs");
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes("/api/v1/jobs?") && asked.push(request.url()));
    await page.waitForSelector(".job-row");
    expect((await prompts(page)).length).toBe(50);
    await page.click("text=Older ›");
    await page.waitForSelector('.job-row-prompt >> text=number 1"');
    expect((await prompts(page)).length).toBe(7);
    await page.reload();
    await page.waitForSelector('.job-row-prompt >> text=number 1"');
    await page.click("text=‹ Newer");
    await page.waitForSelector(".job-row-error >> text=no rye");
    expect((await prompts(page)).length).toBe(50);
    await page.goBack();
    await page.waitForSelector('.job-row-prompt >> text=number 1"');
    expect(asked.filter((url) => !/[?&]limit=\d+/.test(url))).toEqual([]); // nothing is ever asked for whole
    expect(asked.filter((url) => /limit=51\b/.test(url)).length).toBeGreaterThanOrEqual(4);
    expect(rig.complaints).toEqual([]);
  });

  test("is filtered by status, hen, time and text, which stand in the address", async () => {
    const page = await rig.open("/jobs");
    await page.click(".chip >> text=failed");
    await page.waitForURL(`${rig.url}/jobs?status=FAILED`);
    await page.waitForSelector(".jobs-fresh >> text=1 job,");
    await page.selectOption("select >> nth=0", aria);
    await page.waitForSelector("text=No job fits");
    await page.click("text=Show all");
    await page.waitForSelector(".job-row >> nth=49");
    await page.keyboard.press("/");
    await page.keyboard.type("NUMBER 56");
    await page.waitForSelector(".jobs-fresh >> text=1 job,");
    await page.selectOption("select >> nth=1", "1h");
    await page.reload();
    await page.waitForSelector(".jobs-fresh >> text=1 job,");
    expect(new URL(page.url()).search).toBe("?q=NUMBER+56&time=1h");
    expect(rig.complaints).toEqual([]);
  });

  test("is walked by keys, and Enter opens the job", async () => {
    const page = await rig.open("/jobs");
    await page.waitForSelector(".job-row");
    for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
    const href = await page.locator(".job-row >> nth=1 >> a").getAttribute("href");
    await page.waitForSelector(".job-row-chosen >> nth=0");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${rig.url}${href}`);
    expect(rig.complaints).toEqual([]);
  });

  test("counts what is new above it and moves no row until it is asked to", async () => {
    const page = await rig.open("/jobs");
    await page.waitForSelector(".job-row");
    await page.waitForSelector("text=live");
    const before = await prompts(page);
    const id = await rig.client.jobs.submit(bruna, script({ text: "brand new" }));
    await page.waitForSelector(".jobs-fresh >> text=1 new");
    expect(await prompts(page)).toEqual(before);
    await page.keyboard.press("n");
    await page.waitForSelector(`.job-row >> nth=0 >> a[href="/jobs/${id}"]`);
    await page.waitForSelector(`.job-row >> nth=0 >> text=done`);
    expect(rig.complaints).toEqual([]);
  });
});
