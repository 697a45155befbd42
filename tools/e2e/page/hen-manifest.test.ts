import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";

let rig: PageRig;
beforeAll(async () => {
  if (hasBrowser) rig = await openPageRig();
}, 60_000);
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

const bytes = (text: string) => new TextEncoder().encode(text);
const WRITTEN = (name: string) => `# written by hand
spec_version: coop/v1
name: ${name}

brain:
  provider: script # no key
  provider_id: none
  model: prompt

network:
  policy: off
`;

async function openManifest(name: string, wish = {}): Promise<{ readonly page: Page; readonly id: string }> {
  const { id } = await rig.client.hens.create(bytes(WRITTEN(name)));
  await rig.client.hens.hatch(id);
  const page = await rig.open(`/hens/${id}/manifest`, wish);
  await page.waitForSelector(".problems-good");
  return { page, id };
}

const textOf = async (page: Page) =>
  (await page.locator(".cm-line").allTextContents()).map((line) => line.replace(/\u200b/g, "")).join("\n");
/** Puts the cursor at the end of the first line that begins so. */
async function toEndOf(page: Page, start: string): Promise<void> {
  await page.locator(`.cm-line:has-text("${start}")`).first().click();
  await page.keyboard.press("End");
}
const apply = (page: Page) => page.getByRole("button", { name: "Apply", exact: true });
const review = (page: Page) => page.getByRole("button", { name: "Review and apply…" });

describe.skipIf(!hasBrowser)("a hen's manifest", () => {
  test("what is wrong is told at its line while it is written, leads there, and cannot be applied", async () => {
    const { page, id } = await openManifest("ann");
    await toEndOf(page, "model: prompt");
    await page.keyboard.type("\ntemprature: 1");
    await page.waitForSelector(".problems-bad");
    await page.getByRole("button", { name: /line 9.*temprature.*unknown key/ }).click();
    await page.waitForSelector(".cm-lintRange-error");
    expect(await page.evaluate("document.querySelector('.yaml-host').shadowRoot.activeElement?.className")).toContain(
      "cm-content",
    );
    expect(await review(page).isDisabled()).toBe(true);
    expect((await rig.client.hens.get(id)).manifest_revision as number).toBe(1);
    expect(rig.complaints).toEqual([]);
  });

  test("keys typed into it are text, and no commands of the page", async () => {
    const { page } = await openManifest("bo");
    await toEndOf(page, "# written by hand");
    await page.keyboard.type(" t?8gh]");
    expect(await textOf(page)).toContain("# written by hand t?8gh]");
    expect(page.url()).toEndWith("/manifest");
    expect(await page.locator("dialog").count()).toBe(0);
    await page.keyboard.press("Tab"); // leaves the field: nobody is caught in it
    expect(await page.evaluate("document.querySelector('.yaml-host').shadowRoot.activeElement")).toBeNull();
    expect(rig.complaints).toEqual([]);
  });

  test("the schema's keys and words are offered, with what they mean", async () => {
    const { page } = await openManifest("cleo");
    await toEndOf(page, "model: prompt");
    await page.keyboard.type("\nfall");
    const offer = page.locator(".cm-tooltip-autocomplete li");
    await offer.getByText("fallbacks", { exact: true }).waitFor();
    await page.locator(".cm-completionInfo").getByText("Models to ask, in this order").waitFor();
    await page.keyboard.press("Escape");
    for (let n = 0; n < 7; n += 1) await page.keyboard.press("Backspace"); // the word, the indent, the line
    await page.keyboard.insertText("\n\ntools: [");
    await page.keyboard.type("ba");
    await page.locator(".cm-tooltip-autocomplete li").getByText("bash", { exact: true }).click();
    await page.locator('.cm-line:has-text("tools: [bash")').waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test("a change is shown as a diff before it is applied; comments stay, and the hen has it", async () => {
    const { page, id } = await openManifest("dora");
    await toEndOf(page, "policy: off");
    await page.keyboard.insertText("\nvisual:\n  emoji: 🥚");
    await page.waitForSelector(".problems-good");
    await review(page).click();
    await page.locator(".diff-new").getByText("emoji: 🥚").waitFor();
    expect(await page.locator(".diff-gone").count()).toBe(0);
    await page.getByRole("button", { name: "Go on writing" }).click();
    expect((await rig.client.hens.get(id)).manifest_revision as number).toBe(1);
    await review(page).click();
    await apply(page).click();
    await page.getByText("agent.yaml · revision 2").waitFor();
    await page.locator(".hen-face").getByText("🥚").waitFor();
    expect((await rig.client.hens.manifest(id)).text).toContain("# written by hand");
    expect(rig.complaints).toEqual([]);
  });

  test("what the farm refuses leaves the text, and says what is kept", async () => {
    rig.forgive(/status of 4\d\d/);
    const { page, id } = await openManifest("emma");
    await page.locator('.cm-line:has-text("name: emma")').click();
    await page.keyboard.press("End");
    await page.keyboard.type("x");
    await page.waitForSelector(".problems-good");
    await review(page).click();
    await apply(page).click();
    await page.locator("dialog").getByText("It was not applied").waitFor();
    await page.locator("dialog").getByText("The farm keeps revision 1").waitFor();
    await page.getByRole("button", { name: "Go on writing" }).click();
    expect(await textOf(page)).toContain("name: emmax");
    expect((await rig.client.hens.get(id)).manifest.name).toBe("emma");
    expect(rig.complaints).toEqual([]);
  });

  test("somebody who was quicker is told; both texts are kept, and mine goes on top of theirs", async () => {
    const { page, id } = await openManifest("fay");
    await toEndOf(page, "# written by hand");
    await page.keyboard.type(", and by me");
    await rig.client.hens.replaceManifest(id, 1, bytes(`${WRITTEN("fay")}# theirs\n`));
    const note = page.locator(".conflict");
    await note.getByText("Somebody was quicker").waitFor();
    await note.locator(".diff-new").getByText("# theirs").waitFor();
    expect(await review(page).isDisabled()).toBe(true);
    await note.getByRole("button", { name: "From theirs to yours" }).click();
    await note.locator(".diff-gone").getByText("# theirs").waitFor();
    expect(await textOf(page)).toContain("# written by hand, and by me");
    await note.getByRole("button", { name: "Go on with mine, on top of theirs" }).click();
    await page.waitForSelector(".problems-good");
    await review(page).click();
    await page.locator("dialog .diff-gone").getByText("# theirs").waitFor();
    await apply(page).click();
    await page.getByText("agent.yaml · revision 3").waitFor();
    expect((await rig.client.hens.manifest(id)).text).toContain("and by me");
    expect(rig.complaints).toEqual([]);
  });

  test("an untouched text follows the farm, and a draft outlives another tab", async () => {
    const { page, id } = await openManifest("gina");
    await rig.client.hens.replaceManifest(id, 1, bytes(`${WRITTEN("gina")}# newer\n`));
    await page.getByText("agent.yaml · revision 2").waitFor();
    await page.locator('.cm-line:has-text("# newer")').waitFor();
    await toEndOf(page, "# newer");
    await page.keyboard.type(" draft");
    await page.getByRole("tab", { name: "Walls" }).click();
    await page.getByRole("tab", { name: "Manifest" }).click();
    await page.getByText("changed here, not yet applied").waitFor();
    await page.getByRole("button", { name: "Undo all" }).click();
    await page.getByRole("button", { name: "Throw them away" }).click();
    await page.getByText("changed here").waitFor({ state: "detached" });
    expect(rig.complaints).toEqual([]);
  });

  test("what cannot be seen in a text is shown as a mark", async () => {
    const { page } = await openManifest("hope");
    await toEndOf(page, "# written by hand");
    await page.keyboard.insertText("\u202egnp.exe\u202c");
    await page.locator(".cm-specialChar").first().waitFor();
    await page.waitForSelector(".problems-good, .problems-bad");
    expect(rig.complaints).toEqual([]);
  });
});
