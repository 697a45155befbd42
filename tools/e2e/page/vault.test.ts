import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";

const PASSPHRASE = "three brown eggs";
const VALUE = "sk-canary-7f3a";

let rig: PageRig;
beforeAll(async () => {
  if (!hasBrowser) return;
  rig = await openPageRig();
  rig.forgive(/status of (?:400|429)|ERR_CONNECTION_REFUSED/); // a wrong passphrase is answered so; a killed daemon not at all
}, 60_000);
afterAll(() => rig?.close(), 60_000);

/** No page may hold what was typed, anywhere. */
async function expectNoTrace(page: Page): Promise<void> {
  const fields = "[...document.querySelectorAll('input, textarea')].map((field) => field.value).join()";
  const all = `${await page.content()} ${await page.evaluate(fields)} ${JSON.stringify(await page.context().storageState())}`;
  for (const secret of [PASSPHRASE, VALUE]) expect(all).not.toContain(secret);
}

// One farm's vault, in the order of its life.
describe.skipIf(!hasBrowser)("the vault on the page", () => {
  test("is made where there is none; the two passphrases must be the same", async () => {
    const page = await rig.open("/vault");
    await page.waitForSelector("text=There is no vault yet");
    await page.getByLabel("Passphrase", { exact: true }).first().fill(PASSPHRASE);
    await page.getByLabel("Once more").fill("two brown eggs");
    await page.waitForSelector("text=The two are not the same.");
    expect(await page.getByRole("button", { name: "Make the vault" }).isDisabled()).toBe(true);
    await page.getByLabel("Once more").fill(PASSPHRASE);
    await page.keyboard.press("Enter");
    await page.waitForSelector("h2 >> text=The vault is open");
    await page.waitForSelector("text=An empty vault");
    expect((await rig.client.vault.status()).path).toBe(join(rig.dataDir, "vault.json"));
    await expectNoTrace(page);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("takes a key by name and never shows its value; another of that name is refused, its value replaced", async () => {
    const page = await rig.open("/vault");
    await page.getByRole("button", { name: "Add a key…" }).click();
    await page.keyboard.type("byok-anthropic");
    await page.waitForSelector("code >> text=vault:byok-anthropic");
    await page.getByLabel("Value").fill(VALUE);
    await page.getByLabel("Hosts besides").fill("api.example.com, openrouter.ai");
    await page.getByRole("button", { name: "Put it in" }).click();
    await page.waitForSelector("td >> text=byok-anthropic");
    await page.waitForSelector("td >> text=openrouter.ai");
    await expectNoTrace(page);
    await page.getByRole("button", { name: "Add a key…" }).click();
    await page.keyboard.type("byok-anthropic");
    await page.waitForSelector("text=There is one of that name.");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Replace the value of byok-anthropic" }).click();
    await page.keyboard.type(VALUE);
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog", { state: "detached" });
    await expectNoTrace(page);
    expect(await rig.client.vault.secrets()).toEqual([
      { name: "byok-anthropic", hosts: ["api.example.com", "openrouter.ai"] },
    ]);
    expect(readFileSync(join(rig.dataDir, "vault.json"), "latin1")).not.toContain(VALUE);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("binds a key to other hosts, and says what is no host", async () => {
    const page = await rig.open("/vault");
    await page.getByRole("button", { name: "Bind byok-anthropic to hosts" }).click();
    await page.getByLabel("Hosts besides").fill("not a host!\n");
    await page.getByRole("button", { name: "Bind it" }).click();
    await page.waitForSelector(".toast-trouble");
    await page.getByLabel("Hosts besides").fill("llm.example.org");
    await page.getByRole("button", { name: "Bind it" }).click();
    await page.waitForSelector("td >> text=llm.example.org");
    expect(await page.locator("td >> text=openrouter.ai").count()).toBe(0);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("changes its passphrase: a wrong one changes nothing, and the new one opens it", async () => {
    const page = await rig.open("/vault");
    const change = async (old: string) => {
      await page.getByLabel("The passphrase as it is").fill(old);
      await page.getByLabel("The new one", { exact: true }).fill("four white eggs");
      await page.getByLabel("The new one once more").fill("four white eggs");
      await page.keyboard.press("Enter");
    };
    await page.getByRole("button", { name: "Change the passphrase…" }).click();
    await change("wrong");
    await page.waitForSelector("text=the passphrase is wrong; nothing was changed");
    await change(PASSPHRASE);
    await page.waitForSelector("dialog", { state: "detached" });
    await page.getByRole("button", { name: "Lock it" }).click();
    await page.waitForSelector("h2 >> text=The vault is locked");
    await page.getByLabel("Passphrase").fill("four white eggs");
    await page.keyboard.press("Enter");
    await page.waitForSelector("td >> text=byok-anthropic");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("locked, it names the hens that wait for a key, and counts down after too many guesses", async () => {
    const page = await rig.open("/vault");
    await page.getByRole("button", { name: "Lock it" }).click();
    await page.waitForSelector("h2 >> text=The vault is locked");
    const manifest = `spec_version: coop/v1\nname: keyed\nbrain: {provider_id: "vault:byok-anthropic", provider: anthropic, model: m}\nnetwork: {policy: "off"}\n`;
    const { id } = await rig.client.hens.create(new TextEncoder().encode(manifest));
    await rig.client.hens.hatch(id);
    await rig.client.jobs.submit(id, "hello");
    await page.waitForSelector("text=One hen waits for a key");
    expect(await page.locator(".vault-waiting a").getAttribute("href")).toBe("/hens/local.coop/keyed");
    for (let guess = 0; guess < 6; guess += 1) {
      if ((await page.locator("text=Too many wrong passphrases").count()) > 0) break;
      await page.getByLabel("Passphrase").fill(`guess ${guess}`);
      await page.keyboard.press("Enter");
      await page.waitForSelector(".problem");
      expect(await page.getByLabel("Passphrase").inputValue()).toBe("");
    }
    await page.waitForSelector("text=/Too many wrong passphrases. The next one is heard in \\d+ s/");
    await page.getByLabel("Passphrase").fill("four white eggs");
    expect(await page.getByRole("button", { name: "Open the vault" }).isDisabled()).toBe(true);
    expect(rig.complaints).toEqual([]);
  }, 90_000);

  test("an open vault loses a key only after a question", async () => {
    await rig.killAndRestart(); // it counts guesses in memory
    await rig.client.vault.unlock(join(rig.dataDir, "vault.json"), "four white eggs");
    const page = await rig.open("/vault");
    await page.getByRole("button", { name: "Remove byok-anthropic" }).click();
    await page.waitForSelector("dialog >> text=One hen names it");
    await page.getByRole("button", { name: "Leave it" }).click();
    expect((await rig.client.vault.secrets()).length).toBe(1);
    await page.getByRole("button", { name: "Remove byok-anthropic" }).click();
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.waitForSelector("text=An empty vault");
    expect(await rig.client.vault.secrets()).toEqual([]);
    expect(rig.complaints).toEqual([]);
  }, 60_000);
});
