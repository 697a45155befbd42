import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";

setDefaultTimeout(60_000);

let rig: PageRig;
beforeAll(async () => {
  if (hasBrowser) rig = await openPageRig();
});
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

const statuses = async () => (await rig.client.tasks.list()).map(({ prompt, status }) => `${prompt} ${status}`);

describe.skipIf(!hasBrowser)("the page of tasks", () => {
  test("says beforehand that no hen fits, leaves a task all the same, and shows what it waits for", async () => {
    const page = await rig.open("/tasks");
    await page.waitForSelector("text=No hen of this farm can take it");
    await page.selectOption("select", "codex");
    await page.waitForSelector("text=none is of kind codex");
    await page.fill("textarea", "rename the barn");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".task-row >> text=waits for a hen of kind codex");
    expect(await page.inputValue("textarea")).toBe("");
    const codex = "spec_version: coop/v1\nname: coder\nagent_kind: codex\nbrain: {provider_id: none, model: none}\n";
    await rig.client.hens.create(new TextEncoder().encode(codex));
    await page.waitForSelector(".task-row >> text=an idle hen: local.coop/coder is DEFINED");
    await page.waitForSelector("text=none is of kind codex", { state: "detached" });
    expect(rig.complaints).toEqual([]);
  });

  test("a task is cancelled after a question, or marked done, and both stay in the list of all", async () => {
    const page = await rig.open("/tasks");
    await page.fill("textarea", "first\nwith more lines");
    await page.click("text=Leave the task");
    await page.waitForSelector(".task-row >> text=first");
    await rig.client.tasks.submit("second", null); // by somebody else: it appears by itself
    await page.click(".task-row:has-text('second') >> text=Cancel");
    await page.click("dialog >> button:has-text('Cancel the task')");
    await page.waitForSelector(".task-row:has-text('second')", { state: "detached" });
    await page.click(".task-row:has-text('first') >> text=the whole prompt");
    await page.waitForSelector(".task-row >> text=with more lines");
    await page.click(".task-row:has-text('first') >> text=Mark done");
    await page.waitForSelector(".task-row:has-text('first')", { state: "detached" });
    await page.click("text=All, newest first");
    await page.waitForSelector(".task-row:has-text('second') >> text=cancelled");
    await page.reload();
    await page.waitForSelector(".task-row:has-text('first') >> text=done");
    expect(await statuses()).toContain("second CANCELLED");
    expect(await statuses()).toContain("first\nwith more lines DONE");
    expect(rig.complaints).toEqual([]);
  });
});
