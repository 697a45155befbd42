import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openTestModels, type TestModels } from "../../../packages/coopd/src/testing/index.ts";
import { hasBrowser, openPageRig, type PageRig, script, until } from "./rig.ts";
import { makeVault, PASSPHRASE } from "./vault.ts";

// Issue 9, shown by 1: a flock of 60, three of which need an answer, over a real daemon in a real browser.
const FLOCK = 60;
let rig: PageRig;
let models: TestModels;
beforeAll(async () => {
  if (!hasBrowser) return;
  models = openTestModels(() => ({ text: "the key opened it" }));
  rig = await openPageRig();
  const vault = join(rig.dataDir, "vault.json");
  const { host } = new URL(models.baseUrl);
  await makeVault(vault, "farm-key", "sk-test", host);
  await rig.client.vault.unlock(vault, PASSPHRASE);
  await rig.client.vault.lock();
  for (let n = 1; n <= FLOCK - 3; n += 1) await rig.raise(`hen-${String(n).padStart(2, "0")}`);
}, 240_000);
afterAll(async () => {
  await rig?.close();
  models?.[Symbol.dispose]();
});

/** Makes the three that need an answer; answers their hens' ids. */
async function makeTrouble(): Promise<Readonly<Record<"failing" | "locked" | "fenced", string>>> {
  const { client } = rig;
  const failing = await rig.raise("failing");
  const locked = await create(
    "locked",
    `brain: {provider_id: "vault:farm-key", provider: openai-compat, base_url: "${models.baseUrl}", model: m}`,
  );
  const fenced = await rig.raise("fenced", "network: {policy: allowlist, allow: []}\n", "http");
  await ended(await client.jobs.submit(failing, script({ error: { code: "brain_refused", message: "it said no" } })));
  await client.jobs.submit(locked, "open up");
  const call = { name: "http", input: { url: "https://weather.example.org/", method: "GET" } };
  await ended(await client.jobs.submit(fenced, script({ tools: [call] }, { text: "no weather" })));
  return { failing, locked, fenced };
}

async function create(name: string, brain: string): Promise<string> {
  const text = `spec_version: coop/v1\nname: ${name}\n${brain}\nnetwork: {policy: "off"}\n`;
  const { id } = await rig.client.hens.create(new TextEncoder().encode(text));
  await rig.client.hens.hatch(id);
  return id;
}

async function ended(job: string): Promise<void> {
  for await (const event of rig.client.jobs.live(job)) if (event.type === "end") return;
}

const waitForNeeds = (page: Page, count: number) =>
  until(page, `document.querySelectorAll(".need").length === ${count}`);

afterEach(() => rig?.closePages());

describe.skipIf(!hasBrowser)("the first screen", () => {
  test("all three that need an answer are answered by keys alone, in at most six steps", async () => {
    await makeTrouble();
    const page = await rig.open("/");
    await waitForNeeds(page, 3);
    let steps = 0;
    for (let left = 3; left > 0; left -= 1) {
      const chosen = page.locator(".need-chosen");
      const id = await chosen.getAttribute("data-need");
      const kind = await chosen.locator(".need-kind").textContent();
      await page.waitForTimeout(500); // keys rest after the mark has moved by itself
      await page.keyboard.press("1");
      steps += 1;
      if (kind === "needs a key") {
        await page.waitForSelector("dialog input[type=password]:focus");
        await page.keyboard.type(PASSPHRASE);
        await page.keyboard.press("Enter");
        steps += 2;
      }
      await until(page, `document.querySelector(".need-chosen")?.getAttribute("data-need") !== ${JSON.stringify(id)}`);
    }
    expect(steps).toBeLessThanOrEqual(6);
    expect((await rig.client.hens.get("local.coop/fenced")).manifest.network?.allow).toMatchObject([
      { host: "weather.example.org", ports: [443] },
    ]);
    const failed = (await rig.client.attention.list()).filter(({ hen_id }) => hen_id === "local.coop/failing");
    expect(failed.length).toBe(1); // run again, it failed again: the same prompt, another job
    expect(models.seen.length).toBe(1);
    expect(rig.complaints).toEqual([]);
    for (const item of await rig.client.attention.list()) await rig.client.attention.dismiss(item.id);
    await waitForNeeds(page, 0);
  }, 120_000);

  test("the yard shows at most sixty birds and counts the rest; the list has all, in a stable order", async () => {
    const page = await rig.open("/");
    await page.waitForSelector(".bird");
    expect(await page.locator(".bird").count()).toBeLessThanOrEqual(60);
    await page.waitForSelector("text=/\\+\\d+ more/");
    await page.keyboard.press("v");
    await page.waitForSelector(".hen-row");
    expect(page.url()).toContain("view=list");
    const names = await page.locator(".hen-row-name a", { hasText: "hen-" }).allTextContents();
    expect(names.length).toBeGreaterThan(5);
    expect(names).toEqual([...names].sort());
    await page.keyboard.press("/");
    await page.waitForSelector("#flock-filter:focus");
    await page.keyboard.type("hen-42");
    await until(page, "document.querySelectorAll('.hen-row').length === 1");
    await page.reload();
    await page.waitForSelector(".hen-row");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("work is given by keys: @, a completion, Ctrl-Enter; and what it says appears in the drawer while it runs", async () => {
    const page = await rig.open("/?view=list");
    await page.waitForSelector(".hen-row");
    await page.keyboard.press("d");
    await page.keyboard.type("@hen-0");
    await page.waitForSelector("[role=option]");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await page.inputValue("#dispatch-text")).toBe("@hen-02 ");
    await page.keyboard.type(
      script({ text: "first words", tools: [{ name: "bash", input: { command: "sleep 60" } }] }, { text: "x" }),
    );
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("text=hen-02 has it");
    expect(await page.inputValue("#dispatch-text")).toBe("@hen-02 ");
    await page.keyboard.press("Escape");
    await page.goto(`${rig.url}/?peek=local.coop%2Fhen-02`);
    await page.waitForSelector(".peek >> text=first words");
    await page.waitForSelector(".peek-step >> text=bash");
    await page.click(".peek >> text=Cancel");
    await page.waitForSelector(".peek .badge >> text=cancelled");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("a draft outlives a reload, and an unknown name is not sent", async () => {
    const page = await rig.open("/");
    await page.fill("#dispatch-text", "@nobody feed the goats");
    await page.waitForSelector("text=there is no hen nobody");
    expect(await page.isDisabled(".dispatch button[type=submit]")).toBe(true);
    await page.reload();
    expect(await page.inputValue("#dispatch-text")).toBe("@nobody feed the goats");
    expect(rig.complaints).toEqual([]);
  });

  test("stop all asks first, stops, and the farm is resumed", async () => {
    const page = await rig.open("/");
    await page.click("text=Stop all");
    await page.click("dialog >> text=Leave it");
    expect((await rig.client.farm()).stopped).toBe(false);
    await page.focus("button:has-text('Stop all')");
    await page.keyboard.press("Enter"); // presses what has the focus, whatever else Enter does
    await page.click("dialog button.button-danger");
    await page.waitForSelector("text=Resume the farm");
    expect((await rig.client.farm()).stopped).toBe(true);
    await page.click("text=Resume the farm");
    await page.waitForSelector("text=Stop all");
    expect(rig.complaints).toEqual([]);
  });

  test("hostile names, prompts and results are text and nothing else", async () => {
    const { client } = rig;
    const bad = '<img src=x onerror="document.title=1"><script>document.title=2</script> \u202egnp.exe \u001b[31m';
    const id = await rig.raise(
      "mallory",
      `visual: {emoji: ${JSON.stringify(bad.slice(0, 60))}, theme_color: "url(https://evil.test/)"}\n`,
    );
    await ended(
      await client.jobs.submit(
        id,
        script({ text: `${bad} [click](javascript:alert(1)) ![x](https://evil.test/p.png) [out](https://evil.test/)` }),
      ),
    );
    const page = await rig.open(`/?view=list&peek=${encodeURIComponent(id)}`);
    await page.waitForSelector(".peek .markdown");
    await page.waitForSelector(".peek .inert-link");
    expect(await page.title()).toBe("🐔 Coop Farm");
    expect(await page.locator(".peek img, .peek script, .peek .markdown a").count()).toBe(0);
    expect(await page.locator(".peek .unseen").count()).toBeGreaterThan(1);
    await page.click(".peek .inert-link");
    await page.waitForSelector("dialog >> text=It leads to https://evil.test/");
    await page.keyboard.press("Escape");
    expect(rig.complaints).toEqual([]);
  }, 60_000);
});
