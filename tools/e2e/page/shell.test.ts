import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";

let rig: PageRig;
beforeAll(async () => {
  if (hasBrowser) rig = await openPageRig();
}, 60_000);
afterAll(() => rig?.close());

afterEach(() => rig?.closePages());

describe.skipIf(!hasBrowser)("the page's frame", () => {
  test("an empty farm teaches the next command", async () => {
    const page = await rig.open("/");
    await page.waitForSelector("text=coop hen create examples/demo.yaml");
    expect(await page.title()).toBe("🐔 Coop Farm");
    expect(await page.evaluate("document.querySelector('meta[name=coop-api]').content")).toBe("/api/v1/hens");
    expect(rig.complaints).toEqual([]);
  });

  test("a new hen appears by itself", async () => {
    const page = await rig.open("/");
    await page.waitForSelector("text=live");
    await rig.raise("aria");
    await page.waitForSelector("text=aria");
    expect(rig.complaints).toEqual([]);
  });

  test("? shows the keys and Escape takes them away; t changes the theme", async () => {
    const page = await rig.open("/");
    await page.waitForSelector("h2");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog >> text=show these keys");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.keyboard.press("t");
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    await page.reload();
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    expect(rig.complaints).toEqual([]);
  });

  test("what somebody else does to the whole farm shows at once", async () => {
    const page = await rig.open("/");
    await page.waitForSelector("text=Stop all");
    await rig.client.stopFarm();
    await page.waitForSelector("text=Resume the farm");
    await rig.client.resumeFarm();
    await page.waitForSelector("text=Stop all");
    await rig.client.vault.init("three brown eggs");
    await page.waitForSelector(".strip-facts >> text=open");
    await rig.client.vault.lock();
    await page.waitForSelector(".strip-facts >> text=locked");
    expect(rig.complaints).toEqual([]);
  });

  test("a phone has every page within two touches", async () => {
    const page = await rig.open("/", { isPhone: true });
    const titles = await page.locator(".nav > ul > li:visible").allInnerTexts();
    expect(titles).toEqual(["Farm", "Jobs", "Terminals", "Vault", "More"]);
    for (const title of ["Raise", "Tasks", "Events", "Settings"]) {
      await page.tap("text=More");
      await page.tap(`#more-pages >> text=${title}`);
      await page.waitForURL(`${rig.url}/${title.toLowerCase()}`);
      await page.waitForSelector("#more-pages", { state: "hidden" });
    }
    await page.tap("text=More");
    await page.tap("text=Light or dark");
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    expect(rig.complaints).toEqual([]);
  });

  test("a deep address comes back after the login, and leads nowhere else", async () => {
    const context = await rig.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${rig.url}/hens/local.coop/aria?tab=jobs`);
    expect(page.url()).toBe(`${rig.url}/login?next=%2Fhens%2Flocal.coop%2Faria%3Ftab%3Djobs`);
    await page.fill("#token", (await Bun.file(`${rig.dataDir}/token`).text()).trim());
    await page.click("button");
    await page.waitForURL(`${rig.url}/hens/local.coop/aria?tab=jobs`);
    for (const bad of ["//evil.test/", "https://evil.test/", "/\\evil.test", "/login", "/api/v1/farm"]) {
      await page.goto(`${rig.url}/login?next=${encodeURIComponent(bad)}`);
      expect([bad, await page.locator("input[name=next]").count()]).toEqual([bad, 0]);
    }
    await context.close();
  });
});
