import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";

let rig: PageRig;
beforeAll(async () => {
  if (hasBrowser) rig = await openPageRig();
}, 60_000);
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

const SIMPLE = (name: string, brain = "provider: script, model: hello") =>
  `# mine, by hand\nspec_version: coop/v1\nname: ${name}   # short\nbrain: {provider_id: none, ${brain}}\nnetwork: {policy: off}\n`;

/** Opens the page; the editor has it, and the farm has looked at it. */
async function openRaise(query = "", wish = {}): Promise<Page> {
  const page = await rig.open(`/raise${query}`, wish);
  await page.locator("[class^='problems-head problems-good'], [class^='problems-head problems-warned']").waitFor();
  return page;
}
/** Puts another text in the editor. What is there is deleted first: over a selection Chromium itself would style what it inserts. */
async function paste(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}
const lines = async (page: Page) => (await page.locator(".cm-line").allTextContents()).join("\n");
const line = (page: Page, text: string) => page.locator(`.cm-line:has-text("${text}")`).first().waitFor();
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

describe.skipIf(!hasBrowser)("raising a hen", () => {
  test("a name that is taken is refused: nothing is made, nothing written is lost", async () => {
    rig.forgive(/status of 409/);
    await rig.raise("dora");
    const page = await openRaise();
    await paste(page, SIMPLE("dora"));
    await button(page, "Raise it").click();
    await page.getByText("The farm does not take it").waitFor();
    await page.getByText("Nothing was made. What you wrote is as it was.").waitFor();
    await button(page, "Go on writing").click();
    await line(page, "# mine, by hand");
    expect(rig.complaints).toEqual([]);
  });

  test("a hatch that is refused leaves the egg, and says what to do; it is tried again, or thrown away", async () => {
    rig.forgive(/status of (?:409|403)/);
    const page = await openRaise("?template=claude-code");
    await button(page, "Raise it").click();
    const note = page.locator(".hatch [role=alert]");
    await note.getByText("It was not hatched").waitFor();
    await note.getByText("The egg stays in the nest").waitFor();
    expect((await rig.client.hens.get("local.coop/claude-code")).state).toBe("DEFINED");
    await button(page, "Try to hatch it again").click();
    await note.getByText("It was not hatched").waitFor();
    await button(page, "Throw the egg away").click();
    await page.getByText("The egg is gone").waitFor();
    await expect(rig.client.hens.get("local.coop/claude-code")).rejects.toMatchObject({ code: "hen_not_found" });
    expect(rig.complaints).toEqual([]);
  });

  test("what is wrong is told at its line and at its field while it is written, and cannot be raised", async () => {
    const page = await openRaise();
    await page.getByLabel("Name", { exact: true }).fill("No Name!");
    await page.locator(".problems-bad").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    await page.getByRole("button", { name: /^line \d+.*name/ }).click();
    await page.locator(".cm-lintRange-error").first().waitFor();
    expect(await button(page, "Raise it").isDisabled()).toBe(true);
    await paste(page, "name: [");
    await page.getByText(/The form waits until it can/).waitFor();
    expect(await page.getByLabel("Emoji").isDisabled()).toBe(true);
    expect(rig.complaints).toEqual([]);
  });

  test("form and text are one thing, both ways, and what the farmer wrote by hand stays", async () => {
    const page = await openRaise();
    await paste(page, SIMPLE("bea"));
    const name = page.getByLabel("Name", { exact: true });
    await page.locator("input[value=bea], input >> nth=0").first().waitFor();
    expect(await name.inputValue()).toBe("bea");
    await name.fill("berta");
    await line(page, "name: berta   # short");
    await page.getByRole("checkbox", { name: "bash" }).check();
    await line(page, "tools: [bash]");
    await page.getByLabel("Network", { exact: true }).selectOption("allowlist");
    await page.getByRole("group", { name: "Hosts that it may reach" }).getByRole("button", { name: "Add one" }).click();
    await page.getByLabel("Host", { exact: true }).fill("api.example.org");
    await page.getByLabel("Ports").fill("443, 8443");
    await page.getByLabel("Dollars", { exact: true }).fill("0.50");
    await page.getByLabel("What it is told about itself").fill("You are Berta.\nBe kind.");
    await page.locator(".problems-good").waitFor();
    const text = await lines(page);
    for (const kept of [
      "# mine, by hand",
      "name: berta",
      "# short",
      "host: api.example.org",
      "cost_usd: 0.5",
      "system_prompt: |",
    ]) {
      expect(text).toContain(kept);
    }
    await paste(page, text.replace("berta", "bruna").replace("bash", "http"));
    await page.getByRole("checkbox", { name: "http" }).and(page.locator(":checked")).waitFor();
    expect(await name.inputValue()).toBe("bruna");
    expect(await page.getByLabel("Ports").inputValue()).toBe("443, 8443");
    expect(rig.complaints).toEqual([]);
  });

  test("laid, hatched, awake: by keys alone, and on to its first job", async () => {
    const page = await openRaise();
    await page.getByLabel("Name", { exact: true }).fill("kim");
    await page.locator(".problems-good").waitFor();
    await page.waitForSelector('button:has-text("Raise it"):enabled');
    await button(page, "Raise it").focus();
    await page.keyboard.press("Enter");
    await page.getByText("kim is awake").waitFor();
    expect((await rig.client.hens.get("local.coop/kim")).state).toBe("IDLE");
    await page.getByRole("link", { name: "Give it a job" }).press("Enter");
    await page.waitForURL(`${rig.url}/hens/local.coop/kim`);
    await page.waitForSelector("#hen-prompt");
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.waitForURL(`${rig.url}/raise`);
    await page.getByRole("heading", { name: "Raise a hen" }).waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test("a hen whose key is locked away is awake, and its jobs wait: that is said, with the way to the vault", async () => {
    const page = await openRaise("?template=aria");
    await button(page, "Raise it").click();
    await page.getByText("aria is awake").waitFor();
    await page.getByText("its jobs wait until it is open").waitFor();
    expect(await page.locator(".hatch a", { hasText: "Open the vault" }).getAttribute("href")).toBe("/vault");
    expect(rig.complaints).toEqual([]);
  });

  test("an egg is only laid, and hatched later; a script goes along with its manifest", async () => {
    const page = await openRaise("?template=script");
    await page.getByText("goes along").first().waitFor();
    await button(page, "Only lay the egg").click();
    await page.getByText("script is an egg in the nest").waitFor();
    expect((await rig.client.hens.get("local.coop/script")).state).toBe("DEFINED");
    await button(page, "Hatch it").click();
    await page.getByText("script is awake").waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test("every template is taken by the farm; names are new each time, and none is taken", async () => {
    const page = await openRaise();
    const names = (await page.getByLabel("Begin with").locator("option").allTextContents()).slice(1);
    expect(names.length).toBeGreaterThanOrEqual(5);
    for (const name of names) {
      await page.getByLabel("Begin with").selectOption(name);
      await page.waitForURL(new RegExp(`template=${name}`));
      await page.locator(".problems-good, .problems-warned").waitFor();
    }
    const seen = new Set<string>();
    for (let n = 0; n < 4; n += 1) {
      await button(page, "Another name").click();
      seen.add(await page.getByLabel("Name", { exact: true }).inputValue());
    }
    expect(seen.size).toBeGreaterThan(1);
    expect(rig.complaints).toEqual([]);
  });

  test("what was written outlives a reload, and another template asks first", async () => {
    const page = await openRaise();
    await page.getByLabel("Name", { exact: true }).fill("keeper");
    await line(page, "name: keeper");
    await page.reload();
    await line(page, "name: keeper");
    await page.getByLabel("Begin with").selectOption("manager");
    await page.getByText("What you have written here is thrown away.").waitFor();
    await button(page, "Leave it").click();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("keeper");
    expect(rig.complaints).toEqual([]);
  });

  test("an heir begins with the memory of its parent", async () => {
    const page = await openRaise("?inherit=local.coop%2Fdora");
    await line(page, "inherit_from: local.coop/dora");
    expect(await page.getByLabel("Begins with the memory of").inputValue()).toBe("local.coop/dora");
    expect(rig.complaints).toEqual([]);
  });

  test("on a phone form and text are two sides of one sheet", async () => {
    const page = await rig.open("/raise", { isPhone: true });
    await page.getByLabel("Name", { exact: true }).fill("pocket");
    await page.getByRole("tab", { name: "agent.yaml" }).click();
    await line(page, "name: pocket");
    await page.locator(".problems-good").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    await page.getByRole("tab", { name: "Form" }).click();
    await button(page, "Raise it").click();
    await page.getByText("pocket is awake").waitFor();
    expect(rig.complaints).toEqual([]);
  });
});
