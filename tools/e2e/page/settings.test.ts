import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";

let rig: PageRig;
beforeAll(async () => {
  if (!hasBrowser) return;
  rig = await openPageRig();
  await rig.raise("aria");
  rig.forgive(/status of 403/); // a login that may only look asks no more than once
}, 60_000);
afterAll(() => rig?.close(), 60_000);

describe.skipIf(!hasBrowser)("settings", () => {
  test("a token is shown once, works, and is revoked after a question", async () => {
    const page = await rig.open("/settings");
    await page.waitForSelector("text=No named tokens");
    await page.getByRole("button", { name: "Make a token…" }).click();
    await page.keyboard.type("ci");
    await page.getByLabel("It may").selectOption("read");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.waitForSelector("text=It is shown this once.");
    const token = (await page.locator("dialog pre").innerText()).trim();
    const ask = () => fetch(`${rig.url}/api/v1/farm`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(200);
    await page.getByRole("button", { name: "I have it" }).click();
    await page.waitForSelector("td >> text=ci");
    expect(await page.content()).not.toContain(token);
    await page.getByRole("button", { name: "Revoke token ci" }).click();
    await page.getByRole("button", { name: "Leave it" }).click();
    expect((await ask()).status).toBe(200);
    await page.getByRole("button", { name: "Revoke token ci" }).click();
    await page.getByRole("button", { name: "Revoke it" }).click();
    await page.waitForSelector("text=No named tokens");
    expect((await ask()).status).toBe(401);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("ceilings are set, a wrong one is told, an empty one limits nothing", async () => {
    const page = await rig.open("/settings/farm");
    const field = page.getByLabel("The farm a day: US dollars");
    await field.fill("-3");
    await page.waitForSelector("text=A number above 0, or nothing.");
    expect(await page.getByRole("button", { name: "Set the ceilings" }).isDisabled()).toBe(true);
    await field.fill("12.5");
    await page.getByLabel("Each job: tokens").fill("40000");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=The ceilings hold from the next call on");
    expect(await rig.client.limits()).toMatchObject({ day_cost_usd: 12.5, job_tokens: 40_000, day_tokens: null });
    await field.fill("");
    await page.getByRole("button", { name: "Set the ceilings" }).click();
    await page.waitForSelector(".toast >> nth=1");
    expect((await rig.client.limits()).day_cost_usd).toBe(null);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("says where the farm can be opened, looks for faults in the store, and changes the theme", async () => {
    const page = await rig.open("/settings/farm");
    await page.waitForSelector(`code >> text=${rig.url}/`);
    await page.getByRole("button", { name: "Look for faults" }).click();
    await page.waitForSelector("text=No fault in it.");
    await page.getByLabel("Light or dark", { exact: true }).selectOption("dark");
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    await page.getByRole("button", { name: "Show the keys" }).click();
    await page.waitForSelector("dialog >> text=show these keys");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("shows every wall with how it was proved, and measures again", async () => {
    const page = await rig.open("/settings/walls");
    const { rows } = await rig.client.doctor();
    await page.waitForSelector(`.wall-rows li >> nth=${rows.length - 1}`);
    for (const { id, holds } of rows) {
      const row = page.locator(".wall-rows li", { has: page.locator(`code >> text="${id}"`) });
      expect([id, await row.locator(".badge").innerText()]).toEqual([id, holds ? "✓\nholds" : "✕\nmissing"]);
    }
    await page.getByRole("button", { name: "Measure again" }).click();
    await page.waitForSelector("text=Measured anew");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("the audit trail shows what was done, and is verified in the browser; one that was changed is broken where it was", async () => {
    const page = await rig.open("/settings/audit");
    await page.waitForSelector("td >> text=POST /hens/{id}/hatch");
    await page.waitForSelector("td >> text=local.coop/aria");
    await page.getByRole("button", { name: "Verify the trail" }).click();
    const { seq, hash } = await rig.client.access.auditHead();
    await page.waitForSelector(`text=Whole: entries 1 to ${seq}.`);
    await page.waitForSelector(`text=coop audit verify --head ${hash}`);
    await page.route("**/api/v1/audit?*", async (route) => {
      const answer = await route.fetch();
      const entries = (await answer.json()) as { seq: number; actor: string }[];
      await route.fulfill({ json: entries.map((each) => (each.seq === 2 ? { ...each, actor: "nobody" } : each)) });
    });
    await page.getByRole("button", { name: "Verify the trail" }).click();
    await page.waitForSelector("text=Broken at entry 2: its hash does not fit.");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("a login that may only look is told what it may not see", async () => {
    const { token } = await rig.client.access.createToken({ name: "looker", scope: "read" });
    const context = await rig.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${rig.url}/login?next=${encodeURIComponent("/settings")}`);
    await page.fill("#token", token);
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=Seeing and making them needs the scope");
    expect(await page.getByRole("button", { name: "Make a token…" }).count()).toBe(0);
    await page.goto(`${rig.url}/settings/audit`);
    await page.waitForSelector("text=The audit trail needs the scope");
    await page.goto(`${rig.url}/settings/farm`);
    await page.waitForSelector("text=Ceilings");
    expect(await page.getByRole("button", { name: "Set the ceilings" }).count()).toBe(0);
    await context.close();
  }, 60_000);

  test("logging out ends this login; logging out everywhere ends all of them", async () => {
    const other = await rig.open("/settings");
    const page = await rig.open("/settings");
    await page.waitForSelector("text=you");
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await page.waitForSelector("#token");
    await page.goto(`${rig.url}/settings`);
    expect(page.url()).toContain("/login");
    const third = await rig.open("/settings");
    await third.waitForSelector("text=Logins of browsers");
    await third.getByRole("button", { name: "Log out everywhere…" }).click();
    await third.getByRole("button", { name: "Log out everywhere", exact: true }).click();
    await third.waitForSelector("#token");
    expect((await rig.client.access.tokens()).filter(({ kind }) => kind === "login")).toEqual([]);
    rig.forgive(/status of 401|WebSocket/);
    await other.goto(`${rig.url}/settings`);
    expect(other.url()).toContain("/login");
  }, 60_000);
});
