import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig, script } from "./rig.ts";
import { openSlowModel } from "./slow-model.ts";

setDefaultTimeout(60_000);

let rig: PageRig;
let hen: string;
beforeAll(async () => {
  if (!hasBrowser) return;
  rig = await openPageRig();
  hen = await rig.raise("aria");
}, 60_000);
afterAll(() => rig?.close());

const bash = (command: string, more: object = {}) => ({ name: "bash", input: { command, ...more } });

async function ended(id: string): Promise<void> {
  for await (const event of rig.client.jobs.live(id)) if (event.type === "end") return;
}

async function done(...turns: readonly object[]): Promise<string> {
  const id = await rig.client.jobs.submit(hen, script(...turns));
  await ended(id);
  return id;
}

const storyText = (page: Page) => page.locator(".story").innerText();

describe.skipIf(!hasBrowser)("the page of a job", () => {
  test("tells a finished job as a story: prompt, turns, tools with what went in and came out, result", async () => {
    const id = await done(
      { text: "I **look** first.", tools: [bash("echo found; exit 3")], tokens: { input: 1_200, output: 34 } },
      { text: "That was all." },
    );
    const page = await rig.open(`/jobs/${id}`);
    await page.waitForSelector(".story-end >> text=That was all.");
    expect(await page.locator(".story-turn strong").first().innerText()).toBe("look");
    expect(await page.locator("text=That was all.").count()).toBe(3); // title, prompt, result: said once
    const tool = page.locator("[data-testid=tool]");
    expect(await tool.innerText()).toContain("exit 3");
    expect(await page.locator("[aria-label='output: stdout']").count()).toBe(0);
    await tool.locator("summary").click();
    await tool.getByText("found").first().waitFor();
    expect(await page.locator(".turn-facts").first().innerText()).toContain("1.2k → 34");
    expect(rig.complaints).toEqual([]);
  });

  test("keeps its tab in the address, and a key opens each", async () => {
    const id = await done({ tools: [bash("true")] }, { text: "ok" });
    const page = await rig.open(`/jobs/${id}/timeline`);
    await page.waitForSelector(".span-row >> text=bash");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.waitForSelector(".span-chosen >> text=bash");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${rig.url}/jobs/${id}?turn=1`);
    await page.waitForSelector("#turn-1");
    await page.keyboard.press("2");
    await page.click("text=As a table");
    await page.waitForSelector("table >> text=bash");
    await page.reload();
    await page.waitForSelector("table >> text=bash");
    await page.keyboard.press("3");
    await page.waitForURL(`${rig.url}/jobs/${id}/cost`);
    await page.waitForSelector("text=By turn");
    expect(rig.complaints).toEqual([]);
  });

  test("shows the raw journal: searched, looked into, copied as JSON", async () => {
    const id = await done({ text: "one", tools: [bash("echo needle")] }, { text: "two" });
    const page = await rig.open(`/jobs/${id}/journal`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.waitForSelector(".journal-row >> text=settled");
    await page.keyboard.press("/");
    await page.keyboard.type("NEEDLE");
    await page.waitForSelector(".journal-tools >> text=4 of 8 entries");
    await page.reload();
    await page.waitForSelector(".journal-tools >> text=4 of 8 entries");
    await page.click(".journal-row >> text=tool.result");
    await page.waitForSelector("pre >> text=needle");
    await page.click("text=Copy as JSON");
    await page.waitForSelector(".toast >> text=Copied");
    const copied = JSON.parse(await page.evaluate("navigator.clipboard.readText()"));
    const kinds = (copied as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds).toEqual(["opened", "brain.response", "tool.intent", "tool.result"]);
    expect(rig.complaints).toEqual([]);
  });

  test("cancels a job that runs, after a question, and queues a failed one once more", async () => {
    const id = await rig.client.jobs.submit(
      hen,
      script({ text: "now", tools: [bash("sleep 300", { timeout_s: 300 })] }),
    );
    const page = await rig.open(`/jobs/${id}`);
    await page.waitForSelector(".tool-busy >> text=running");
    await page.keyboard.press("x");
    await page.click("dialog >> text=Leave it");
    expect((await rig.client.jobs.get(id)).status).toBe("RUNNING");
    await page.click("text=Cancel");
    await page.click("dialog >> text=Cancel the job");
    await page.waitForSelector(".badge >> text=cancelled");
    expect((await rig.client.jobs.get(id)).status).toBe("CANCELLED");
    const failed = await done({ error: { code: "brain_refused", message: "the model will not" } });
    await page.goto(`${rig.url}/jobs/${failed}`);
    await page.waitForSelector(".job-failure >> text=the model will not");
    await page.click("text=Try again");
    await page.waitForURL((url) => !url.pathname.endsWith(failed));
    const again = new URL(page.url()).pathname.split("/")[2] ?? "";
    expect((await rig.client.jobs.get(again)).prompt).toBe((await rig.client.jobs.get(failed)).prompt);
    expect(rig.complaints).toEqual([]);
  });

  test("says which limit stopped it", async () => {
    const turns = [1, 2, 3].map(() => ({ text: "on", tools: [bash("true")] }));
    const id = await rig.client.jobs.submit(hen, script(...turns), { limits: { max_turns: 2 } });
    await ended(id);
    const page = await rig.open(`/jobs/${id}`);
    await page.waitForSelector("text=Stopped by a limit");
    await page.click("text=Its limits and what it used");
    expect(await page.locator(".meter-stopper").innerText()).toContain("max_turns");
    expect(await page.locator(".meter-stopper").innerText()).toContain("2 of 2");
    expect(rig.complaints).toEqual([]);
  });

  test("says why a job waits: behind others, for a stopped farm, for a hen that sleeps", async () => {
    const busy = await rig.raise("busy");
    const running = await rig.client.jobs.submit(busy, script({ tools: [bash("sleep 300", { timeout_s: 300 })] }));
    const ahead = await rig.client.jobs.submit(busy, script({ text: "second" }));
    const id = await rig.client.jobs.submit(busy, script({ text: "third" }));
    const page = await rig.open(`/jobs/${id}`);
    await page.waitForSelector(".job-waiting >> text=which is at another job, with one job before it");
    await page.click(`.job-waiting a[href="/jobs/${running}"]`);
    await page.waitForSelector(".badge >> text=running");
    await page.goBack();
    await rig.client.stopFarm();
    await rig.client.jobs.cancel(ahead);
    await page.waitForSelector(".job-waiting >> text=the farm, which is stopped");
    await rig.client.hens.sleep(busy);
    await page.click("text=Resume the farm");
    await page.waitForSelector(".job-waiting >> text=to be woken");
    await rig.client.hens.wake(busy);
    await page.waitForSelector(".story-end >> text=third");
    expect(rig.complaints).toEqual([]);
  });

  test("shows a call that nobody knows the outcome of as just that", async () => {
    const id = await rig.client.jobs.submit(
      hen,
      script({ tools: [bash("sleep 300", { timeout_s: 300 })] }, { text: "went on" }),
    );
    const page = await rig.open(`/jobs/${id}`);
    await page.waitForSelector(".tool-busy");
    rig.forgive(/ERR_|WebSocket|Failed to load/);
    await rig.killAndRestart();
    await page.waitForSelector(".tool-unknown >> text=outcome unknown", { timeout: 60_000 });
    await page.click(".tool-unknown summary");
    await page.waitForSelector("text=nobody knows whether it happened");
    await page.waitForSelector(".story-end >> text=went on");
    await page.waitForSelector("text=Taken up again from its journal");
    expect(rig.complaints).toEqual([]);
  }, 90_000);
});

/** A hen whose brain is that server. */
async function raiseSpeaker(url: string): Promise<string> {
  const brain = `{provider: openai-compat, provider_id: none, model: slow, base_url: "${url}"}`;
  const text = `spec_version: coop/v1\nname: speaker\nbrain: ${brain}\nnetwork: {policy: "off"}\n`;
  const { id } = await rig.client.hens.create(new TextEncoder().encode(text));
  await rig.client.hens.hatch(id);
  return id;
}

const WORDS = Array.from({ length: 40 }, (_, at) => `word${at}`).join(" ");

describe.skipIf(!hasBrowser)("a job that runs", () => {
  test("says what its brain says, once, also to who comes in the middle and over a restart", async () => {
    rig.forgive(/ERR_|WebSocket/); // the daemon is killed below
    const model = openSlowModel();
    const speaker = await raiseSpeaker(model.url);
    const ask = () => rig.client.jobs.submit(speaker, "Speak.");
    try {
      const id = await ask();
      const page = await rig.open(`/jobs/${id}`);
      await model.say("The first half, ");
      await page.waitForSelector("[data-testid=saying] >> text=The first half,");
      await page.reload();
      await page.waitForSelector("[data-testid=saying] >> text=The first half,");
      await model.say("and the second.");
      await page.waitForSelector("[data-testid=saying] >> text=The first half, and the second.");
      await model.end();
      await page.waitForSelector(".story-end >> text=The first half, and the second.");
      expect((await storyText(page)).split("The first half").length).toBe(2);
      expect(await page.locator("[data-testid=saying]").count()).toBe(0);

      const again = await ask();
      await page.goto(`${rig.url}/jobs/${again}`);
      await model.say("Lost words ");
      await page.waitForSelector("[data-testid=saying] >> text=Lost words");
      await rig.killAndRestart(async () => {
        await page.waitForSelector(".link-lost");
      });
      await model.say(WORDS);
      await page.waitForSelector("[data-testid=saying] >> text=word39", { timeout: 60_000 });
      const said = await page.locator("[data-testid=saying]").innerText();
      expect(said.trim()).toBe(WORDS); // what came of the lost answer is void, and nothing is there twice
      await model.end();
      await page.waitForSelector(".story-end >> text=word39");
      expect((await storyText(page)).split("word39").length).toBe(2);
      expect(await storyText(page)).not.toContain("Lost words");
      expect(await storyText(page)).toContain("asked again");
      expect(rig.complaints).toEqual([]);
    } finally {
      model.close();
    }
  }, 120_000);
});

describe.skipIf(!hasBrowser)("a job that is not there", () => {
  test("is said to be so", async () => {
    rig.forgive(/status of 404/);
    const page = await rig.open("/jobs/018f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    await page.waitForSelector("text=No such job");
    expect(rig.complaints).toEqual([]);
  });
});
