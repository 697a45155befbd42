import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig, script } from "./rig.ts";

let rig: PageRig;
beforeAll(async () => {
  if (hasBrowser) rig = await openPageRig();
}, 60_000);
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

const bytes = (text: string) => new TextEncoder().encode(text);
const LONG = script(
  { text: "Counting.", tools: [{ name: "bash", input: { command: "sleep 600" } }] },
  { text: "Done." },
);

/** An egg: created, not hatched. */
async function lay(name: string, extra = ""): Promise<string> {
  const brain = /^brain:/m.test(extra) ? "" : "brain: {provider_id: none, provider: script, model: prompt}\n";
  const network = /^network:/m.test(extra) ? "" : 'network: {policy: "off"}\n';
  const { id } = await rig.client.hens.create(
    bytes(`spec_version: coop/v1\nname: ${name}\n${brain}${network}${extra}`),
  );
  return id;
}

const stateOf = async (id: string) => (await rig.client.hens.get(id)).state;
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const badge = (page: Page, word: string) => page.waitForSelector(`.hen-who .badge:has-text("${word}")`);

describe.skipIf(!hasBrowser)("what a hen may be told to do", () => {
  test("a hen that is not there says so and leads back", async () => {
    const page = await rig.open("/hens/local.coop/nobody");
    await page.waitForSelector("text=No hen of that name");
    await page.getByRole("link", { name: "raise one" }).waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test("a hatch that is refused says why, what stayed, and what to do; it can be tried again", async () => {
    rig.forgive(/status of 409/);
    const id = await lay("cody", "agent_kind: codex\n");
    const page = await rig.open(`/hens/${id}`);
    await press(page, "Hatch");
    const note = page.locator(".hen-header [role=alert]");
    await note.getByText("cody was not hatched").waitFor();
    await note.getByText("It stays as it was.").waitFor();
    expect(await note.getByRole("link", { name: "Change its manifest" }).getAttribute("href")).toBe(
      `/hens/${id}/manifest`,
    );
    expect(await stateOf(id)).toBe("DEFINED");
    await note.getByRole("button", { name: "Try again" }).click();
    await note.getByText("cody was not hatched").waitFor();
    await note.getByRole("button", { name: "Leave it" }).click();
    await note.waitFor({ state: "detached" });
    expect(rig.complaints).toEqual([]);
  });

  test("hatch, sleep, wake, archive, delete: each button is there when it is legal, and no other", async () => {
    rig.forgive(/status of 404/); // a read that the deletion overtook
    const id = await lay("pia");
    const page = await rig.open(`/hens/${id}`);
    const moves = () => page.locator(".hen-moves button").allTextContents();
    await badge(page, "egg");
    expect(await moves()).toEqual(["Hatch", "Delete…"]);
    await press(page, "Hatch");
    await badge(page, "idle");
    expect(await moves()).toEqual(["Put to sleep", "Lease…", "Archive…", "Delete…"]);
    await press(page, "Put to sleep");
    await badge(page, "asleep");
    expect(await moves()).toEqual(["Wake", "Archive…", "Delete…"]);
    await press(page, "Wake");
    await badge(page, "idle");
    await press(page, "Archive…");
    await press(page, "Leave it");
    expect(await stateOf(id)).toBe("IDLE");
    await press(page, "Archive…");
    await press(page, "Archive it");
    await badge(page, "archived");
    expect(await moves()).toEqual(["Delete…"]);
    await press(page, "Delete…");
    await press(page, "Delete it");
    await page.waitForURL(`${rig.url}/`);
    await expect(rig.client.hens.get(id)).rejects.toMatchObject({ code: "hen_not_found" });
    expect(rig.complaints).toEqual([]);
  });

  test("a hen at work is put to sleep, and deleted, only over its job, which is said first", async () => {
    const id = await rig.raise("bea");
    const job = await rig.client.jobs.submit(id, LONG);
    const page = await rig.open(`/hens/${id}`);
    await badge(page, "working");
    await press(page, "Put to sleep");
    await page.getByText("The job that runs is cancelled").waitFor();
    await press(page, "Leave it");
    expect((await rig.client.jobs.get(job)).status).toBe("RUNNING");
    await press(page, "Put to sleep");
    await press(page, "Cancel the job and let it sleep");
    await badge(page, "asleep");
    expect((await rig.client.jobs.get(job)).status).toBe("CANCELLED");
    await press(page, "Wake");
    await rig.client.jobs.submit(id, LONG);
    await badge(page, "working");
    await press(page, "Delete…");
    await page.getByText("The job that runs is cancelled").waitFor();
    await press(page, "Delete it");
    await page.waitForURL(`${rig.url}/`);
    expect(rig.complaints).toEqual([]);
  });

  test("a lease is refused with its reason, then made, and taken back", async () => {
    rig.forgive(/status of 403/);
    const shy = await rig.raise("shy");
    const page = await rig.open(`/hens/${shy}`);
    await press(page, "Lease…");
    await page.getByText("lease.allow_lease", { exact: true }).waitFor();
    await page.getByLabel("To whom").fill("coop.example/barn");
    await press(page, "Let it");
    await page.locator("dialog").getByText("It was not let").waitFor();
    expect(await stateOf(shy)).toBe("IDLE");
    const open = await rig.raise("lena", "lease: {allow_lease: true, require_framework: false}\n");
    const other = await rig.open(`/hens/${open}`);
    await press(other, "Lease…");
    await other.getByLabel("To whom").fill("coop.example/barn");
    await other.getByLabel("How long").selectOption("for an hour");
    await press(other, "Let it");
    await badge(other, "leased");
    await other.locator(".hen-facts").getByText("coop.example/barn").waitFor();
    await press(other, "Release");
    await press(other, "End the lease");
    await badge(other, "idle");
    expect(rig.complaints).toEqual([]);
  });

  test("what it waits for stands at the top, with the way to mend it", async () => {
    const id = await rig.raise("keyless", "").catch(() => "");
    expect(id).not.toBe("");
    const egg = await lay("needy", "brain: {provider_id: 'vault:nothing', provider: anthropic, model: claude-x}\n");
    await rig.client.hens.hatch(egg);
    const page = await rig.open(`/hens/${egg}`);
    await badge(page, "idle");
    await page.fill("#hen-prompt", "say hello");
    await page.keyboard.press("Control+Enter");
    await page.getByText("It waits for a key").waitFor();
    await page.getByText("One job waits; nothing is lost.").waitFor();
    expect(await page.getByRole("link", { name: "Open the vault" }).getAttribute("href")).toBe("/vault");
    expect(rig.complaints).toEqual([]);
  });

  test("its brain is asked for one word", async () => {
    const id = await rig.raise("thea");
    await rig.client.hens.replaceManifest(
      id,
      1,
      bytes(
        'spec_version: coop/v1\nname: thea\nbrain: {provider_id: none, provider: script, model: hello}\nnetwork: {policy: "off"}\n',
      ),
    );
    const page = await rig.open(`/hens/${id}`);
    await press(page, "Try it: ask its brain for one word");
    await page.getByText("thea's brain answers: script hello").waitFor();
    expect(rig.complaints).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)("the tabs of a hen", () => {
  test("are reached by keys alone, and by their address", async () => {
    const id = await rig.raise("kiki");
    const page = await rig.open(`/hens/${id}`);
    await page.getByRole("tab", { name: "Jobs", selected: true }).waitFor();
    await page.keyboard.press("8");
    await page.getByRole("tab", { name: "Files", selected: true }).waitFor();
    expect(page.url()).toBe(`${rig.url}/hens/${id}/files`);
    await page.keyboard.press("]");
    await page.getByRole("tab", { name: "Usage", selected: true }).waitFor();
    await page.reload();
    await page.getByRole("tab", { name: "Usage", selected: true }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("tab", { name: "Files", selected: true }).waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test("none of them is wider than a phone", async () => {
    const id = await rig.raise("petite");
    const page = await rig.open(`/hens/${id}`, { isPhone: true });
    for (const tab of ["jobs", "terminal", "memory", "egress", "manifest", "handed", "walls", "files", "usage"]) {
      await page.goto(`${rig.url}/hens/${id}/${tab}`);
      await page.locator(".tab-panel > *").first().waitFor();
      await page.waitForLoadState("networkidle");
      const width = await page.evaluate("document.documentElement.scrollWidth");
      expect([tab, width]).toEqual([tab, 390]);
    }
    expect(rig.complaints).toEqual([]);
  });

  test("jobs: given, followed as they run, cancelled and tried again, without a reload", async () => {
    const id = await rig.raise("jo");
    const page = await rig.open(`/hens/${id}`);
    await page.getByText("No jobs yet").waitFor();
    await page.fill("#hen-prompt", LONG);
    await page.keyboard.press("Control+Enter");
    const row = page.locator(".hen-job").first();
    await row.getByText("running").waitFor();
    await row.getByText("turn 1: bash").waitFor();
    expect(await page.inputValue("#hen-prompt")).toBe("");
    await row.getByRole("button", { name: /^Cancel/ }).click();
    await row.getByText("cancelled").waitFor();
    await row.getByRole("button", { name: /^Try again/ }).click();
    await page.locator(".hen-job").first().getByText("running").waitFor();
    expect(await page.locator(".hen-job").count()).toBe(2);
    expect(rig.complaints).toEqual([]);
  });

  test("a job that is not taken leaves what was written", async () => {
    rig.forgive(/status of 413/);
    const id = await lay("eggy");
    const page = await rig.open(`/hens/${id}`);
    const long = "egg ".repeat(70_000); // more than the farm takes
    await page.fill("#hen-prompt", long);
    await page.getByRole("button", { name: /^Give the job/ }).click();
    await page.getByText("The job was not taken").waitFor();
    expect((await page.inputValue("#hen-prompt")).length).toBe(long.length);
    expect(rig.complaints).toEqual([]);
  });
});
