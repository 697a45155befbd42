import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig, script, until } from "./rig.ts";

setDefaultTimeout(60_000);

let rig: PageRig;
let aria: string;
beforeAll(async () => {
  if (!hasBrowser) return;
  rig = await openPageRig();
  aria = await rig.raise("aria");
  await rig.raise("bruna");
});
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

const rows = (page: Page) => page.locator(".event-row").allInnerTexts();
const firstRowIs = (seq: number) => `document.querySelector(".event-row")?.innerText.startsWith("${seq}\\n")`;

async function play(text: string): Promise<void> {
  const id = await rig.client.jobs.submit(aria, script({ text }));
  for await (const event of rig.client.jobs.live(id)) if (event.type === "end") return;
}

describe.skipIf(!hasBrowser)("the log of events", () => {
  test("shows what was and what happens, and leads to the job", async () => {
    const page = await rig.open("/events");
    await page.waitForSelector(".event-row >> text=was created");
    await play("one");
    await page.click(".event-row >> text=/job .* is done/");
    await page.click(".event-chosen >> text=the job");
    await page.waitForSelector(".story-end >> text=one");
    expect(rig.complaints).toEqual([]);
  });

  test("is filtered by hen, by what it is about, and by text, which stand in the address", async () => {
    const page = await rig.open("/events");
    await page.waitForSelector(".event-row >> text=bruna");
    await page.selectOption("select >> nth=0", aria);
    await page.waitForSelector(".event-row >> text=bruna", { state: "detached" });
    await page.click(".chip >> text=hens");
    await page.waitForSelector(".event-row >> text=was created");
    await page.waitForSelector(".event-row >> text=is done", { state: "detached" });
    await page.fill("#events-text input", "HATCHING");
    await page.waitForSelector(".event-row >> text=was created", { state: "detached" });
    await page.reload();
    await page.waitForSelector(".event-row >> text=hatching");
    expect((await rows(page)).every((row) => row.includes("hatching"))).toBe(true);
    expect(rig.complaints).toEqual([]);
  });

  test("is paused, holds what comes, and goes on without losing any", async () => {
    const page = await rig.open("/events");
    await page.waitForSelector(".event-row");
    await page.keyboard.press("p");
    const before = await rows(page);
    await play("while paused");
    await page.waitForSelector("text=/Go on, [1-9]/");
    expect(await rows(page)).toEqual(before);
    await page.keyboard.press("p");
    await page.waitForSelector("button >> text=Pause");
    await page.waitForSelector(`.event-row >> text=${(await rig.client.farm()).event_seq}`);
    expect(rig.complaints).toEqual([]);
  });

  test("is replayed from a number and from a time", async () => {
    const page = await rig.open("/events?since=2");
    await until(page, firstRowIs(3));
    await page.selectOption("select >> nth=1", "600000");
    await page.waitForURL(`${rig.url}/events?since=0`);
    await until(page, firstRowIs(1));
    expect(rig.complaints).toEqual([]);
  });

  test("says so when the farm counts anew, and goes on over a restart", async () => {
    const page = await rig.open("/events?since=999999");
    await page.waitForSelector(".event-loss >> text=counts its events anew");
    rig.forgive(/ERR_|WebSocket/);
    await rig.killAndRestart();
    await play("after the restart");
    await page.waitForSelector(".event-row >> text=is done");
    await page.waitForSelector(".event-mark >> text=the line to the farm was lost");
    expect(rig.complaints).toEqual([]);
  });
});
