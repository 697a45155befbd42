import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { hasBrowser, openPageRig, type PageRig, until } from "./rig.ts";
import { openSlowModel, type SlowModel } from "./slow-model.ts";

// Issue 9, shown by 2: what a job says appears while it runs, after a reload too, and a daemon that was killed is nothing to the page.
let rig: PageRig;
let model: SlowModel;
let hen: string;
beforeAll(async () => {
  if (!hasBrowser) return;
  model = openSlowModel();
  rig = await openPageRig();
  const brain = `{provider_id: none, provider: openai-compat, base_url: "${model.url}", model: slow}`;
  const manifest = `spec_version: coop/v1\nname: slow\nbrain: ${brain}\nnetwork: {policy: "off"}\n`;
  hen = (await rig.client.hens.create(new TextEncoder().encode(manifest))).id;
  await rig.client.hens.hatch(hen);
  for (let n = 0; n < 5; n += 1) await rig.raise(`other-${n}`);
}, 120_000);
afterEach(() => rig?.closePages());
afterAll(async () => {
  await rig?.close();
  model?.close();
});

/** How often the drawer shows a text. */
const timesSeen = (text: string) =>
  `(document.querySelector(".peek-job")?.textContent.split(${JSON.stringify(text)}).length ?? 1) - 1`;

describe.skipIf(!hasBrowser)("what a job says", () => {
  test("appears while it is said, once; a reload in mid-answer shows what came so far", async () => {
    const page = await rig.open(`/?peek=${encodeURIComponent(hen)}`);
    await page.waitForSelector(".peek");
    const job = await rig.client.jobs.submit(hen, "tell me slowly");
    await model.say("alpha beta ");
    await until(page, `${timesSeen("alpha beta")} === 1`);
    await model.say("gamma ");
    await until(page, `${timesSeen("alpha beta gamma")} === 1`);
    await page.reload();
    await until(page, `${timesSeen("alpha beta gamma")} === 1`);
    await model.say("omega");
    await until(page, `${timesSeen("alpha beta gamma omega")} === 1`);
    await model.end();
    await page.waitForSelector(".peek-job .badge >> text=done");
    await until(page, `${timesSeen("alpha beta gamma omega")} === 1`);
    expect((await rig.client.jobs.get(job)).result).toBe("alpha beta gamma omega");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("goes on after the daemon was killed in mid-answer: the page is live again, nothing is missing or there twice", async () => {
    const page = await rig.open(`/?view=list&peek=${encodeURIComponent(hen)}`);
    await page.waitForSelector(".peek");
    await rig.client.jobs.submit(hen, "tell me once more");
    await model.say("first half ");
    await until(page, `${timesSeen("first half")} === 1`);
    rig.forgive(/ERR_CONNECTION|WebSocket|Failed to load resource/); // what the browser itself says while nobody listens
    await rig.killAndRestart(async () => {
      await page.waitForSelector("text=lost, trying again");
    });
    await page.waitForSelector(".link-live", { timeout: 30_000 });
    await model.say("first half ");
    await until(page, `${timesSeen("first half")} === 1`);
    await model.say("second half");
    await until(page, `${timesSeen("first half second half")} === 1`);
    await model.end();
    await page.waitForSelector(".peek-job .badge >> text=done");
    await until(page, `${timesSeen("first half second half")} === 1`);
    expect(await page.locator(".hen-row").count()).toBe(6);
    await rig.raise("latecomer");
    await page.waitForSelector("text=latecomer");
    expect(await page.locator(".hen-row").count()).toBe(7);
    expect(rig.complaints).toEqual([]);
  }, 120_000);
});
