import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";
import { rowsOf, startTerminal, styleOf, tokenOf, typeLine, waitForRow } from "./terminal-steps.ts";

let rig: PageRig;
beforeAll(async () => {
  if (hasBrowser) rig = await openPageRig();
}, 60_000);
afterAll(() => rig?.close(), 60_000);

let made = 0;
async function openTerminal(extra = ""): Promise<{ readonly page: Page; readonly hen: string }> {
  made += 1;
  const hen = await rig.raise(`hen${made}`, extra);
  const page = await rig.open(`/terminals?hen=${encodeURIComponent(hen)}`);
  await startTerminal(page);
  return { page, hen };
}

describe.skipIf(!hasBrowser)("a terminal on the page", () => {
  test("is started by a click, and takes keys, colours, full colours and Ctrl-C", async () => {
    const { page } = await openTerminal();
    await typeLine(page, "echo typed-$((40+2))");
    await waitForRow(page, /^typed-42/);
    await typeLine(page, "printf '\\033[35mviolet\\033[0m \\033[38;2;200;60;10mrust\\033[0m \\033[1mbold\\033[0m\\n'");
    await waitForRow(page, /^violet rust bold/);
    expect(await styleOf(page, "violet", "color")).toBe(await tokenOf(page, "term-magenta"));
    expect(await styleOf(page, "rust", "color")).toBe("rgb(200, 60, 10)");
    expect(await styleOf(page, "bold", "fontWeight")).toBe("700");
    await typeLine(page, "bash -c 'echo slee''ps; exec sleep 100'");
    await waitForRow(page, /^sleeps/);
    await page.keyboard.press("Control+c");
    await waitForRow(page, /\^C/);
    await typeLine(page, "echo after");
    await waitForRow(page, /^after/);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("only watches until the keys are taken, and lets Tab go on; Ctrl-] leads out of one that has them", async () => {
    const { page, hen } = await openTerminal();
    await page.reload();
    await page.waitForSelector(".terminal-state-live");
    await page.click(".terminal-place");
    await page.keyboard.type("touch stolen");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Shift+Tab");
    expect(await focused(page)).toBe("button For screen readers: also write it as text");
    const keys = page.getByRole("switch", { name: "Take the keys" });
    expect(await keys.getAttribute("aria-checked")).toBe("false");
    await keys.focus();
    await page.keyboard.press("Space");
    await page.waitForSelector("text=Every key goes in");
    await typeLine(page, "ls | wc -l; echo in-$((1+1))");
    await waitForRow(page, /^in-2/);
    await waitForRow(page, /^0$/);
    await page.keyboard.press("Tab"); // the program's, as every key
    expect(await focused(page)).toBe(`textarea Terminal of ${hen.slice(hen.indexOf("/") + 1)}`);
    await page.keyboard.press("Control+]");
    expect(await focused(page)).toBe("button Take the keys");
    await page.keyboard.press("Space");
    await page.waitForSelector("text=You only watch");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("says who else is there; the size is the one of whoever typed last, and the others see all of it", async () => {
    const { page, hen } = await openTerminal();
    await page.waitForSelector("text=only you are here");
    const phone = await rig.open(`/terminals?hen=${hen}`, { isPhone: true });
    await phone.waitForSelector("text=1 more here, 1 with keys");
    const wide = await sizeOf(page);
    expect(await sizeOf(phone)).toBe(wide);
    expect(await phone.evaluate("getComputedStyle(document.querySelector('.xterm-rows')).fontSize")).toBe("8px");
    const seen =
      "document.querySelector('.terminal-place').scrollWidth - document.querySelector('.xterm-screen').clientWidth";
    expect(await phone.evaluate(seen)).toBeGreaterThanOrEqual(0);
    await phone.getByRole("switch", { name: "Take the keys" }).tap();
    await phone.waitForSelector("text=Every key goes in");
    await phone.keyboard.type(" ");
    await page.waitForSelector("text=the size is theirs until you type");
    expect(await sizeOf(page)).not.toBe(wide);
    await page.keyboard.type(" ");
    await phone.waitForSelector("text=the size is theirs until you type");
    await phone.context().close();
    await page.waitForSelector("text=only you are here");
    expect(await sizeOf(page)).toBe(wide);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("follows the window's size, the letters' size, which is remembered, and the theme", async () => {
    const { page } = await openTerminal();
    await page.setViewportSize({ width: 900, height: 700 });
    const told = async () => {
      await typeLine(page, "echo now-$(stty size | tr ' ' x)");
      await waitForRow(page, /^now-\d+x\d+/);
      return (await rowsOf(page)).findLast((row) => row.startsWith("now-"))?.slice(4);
    };
    const turned = (await sizeOf(page)).split(" × ").reverse().join("x");
    await page.waitForTimeout(300); // sizes are told when they have settled
    const small = await told();
    expect(small).toBe((await sizeOf(page)).split(" × ").reverse().join("x"));
    expect(small).not.toBe(turned);
    await page.click("[aria-label^='Larger letters']");
    await page.click("[aria-label^='Larger letters']");
    await page.reload();
    await page.waitForSelector(".terminal-state-live");
    await page.getByRole("switch").click();
    await page.waitForSelector("text=Every key goes in");
    expect(await page.evaluate("getComputedStyle(document.querySelector('.xterm-rows')).fontSize")).toBe("15px");
    await typeLine(page, "clear; printf '\\033[34mblue\\033[0m\\n'");
    await waitForRow(page, /^blue/);
    const light = await styleOf(page, "blue", "color");
    await page.keyboard.press("Control+]");
    await page.keyboard.press("t");
    await page.waitForTimeout(200); // two frames
    expect(await styleOf(page, "blue", "color")).toBe(await tokenOf(page, "term-blue"));
    expect(await styleOf(page, "blue", "color")).not.toBe(light);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("finds, copies and pastes", async () => {
    const { page } = await openTerminal();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await typeLine(page, "clear; seq -f 'egg %g' 300");
    await waitForRow(page, /^egg 300$/);
    await page.keyboard.press("Control+Shift+F");
    await page.keyboard.type("egg 17");
    await page.waitForSelector("text=/of 11$/");
    await waitForRow(page, /^egg 179$/);
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=1 of 11");
    await waitForRow(page, /^egg 17$/);
    await page.keyboard.press("Escape");
    expect(await page.locator(".terminal-find").count()).toBe(0);
    await page.keyboard.press("Control+Shift+C");
    await page.waitForSelector(".toast >> text=Copied");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("egg 17");
    await page.keyboard.press("Enter"); // whoever types has nothing selected
    await page.click("[aria-label^='Copy what is selected']");
    await page.waitForSelector(".toast >> nth=1");
    const copied = (await page.evaluate("navigator.clipboard.readText()")) as string;
    expect(copied.split("\n")).toContain("egg 42");
    await page.evaluate("navigator.clipboard.writeText('echo pasted-$((2+3))\\necho two')");
    await page.click(".terminal-place");
    await page.keyboard.press("Control+Shift+V");
    await page.keyboard.press("Enter");
    await waitForRow(page, /^pasted-5/);
    await waitForRow(page, /^two/);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("is written as text for screen readers when asked to, which is remembered", async () => {
    const { page } = await openTerminal();
    await page.click("[aria-label^='For screen readers']");
    await page.click(".terminal-place");
    await typeLine(page, "echo heard-$((6*7))");
    await page.waitForSelector(".xterm-accessibility-tree >> text=/^heard-42/", { state: "attached" });
    await page.reload();
    await page.waitForSelector(".xterm-accessibility-tree >> text=/^heard-42/", { state: "attached" });
    await page.click("[aria-label^='For screen readers']");
    await page.waitForSelector(".xterm-accessibility-tree", { state: "detached" });
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("two stand side by side, by address; the strip and the number keys go from one to the other", async () => {
    const { page, hen: first } = await openTerminal();
    const second = await rig.raise(`beside${made}`);
    await rig.client.terminals.send(second, { keys: "echo here-$((3+4))" });
    await page.keyboard.press("Control+]");
    await page.getByRole("button", { name: `Show beside${made} beside` }).click();
    await waitForRow(page, /^here-7/, 1);
    expect(new URL(page.url()).searchParams.get("hen")).toBe(`${first},${second}`);
    await page.reload();
    await waitForRow(page, /^here-7/, 1);
    await page.locator(".term-view >> nth=0").getByRole("button", { name: "Take it off this page" }).click();
    await waitForRow(page, /^here-7/);
    expect(await page.locator(".term-view").count()).toBe(1);
    await page.keyboard.press("?");
    await page.waitForSelector(`dialog >> text=show ${first}`);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    const at = (await rig.client.terminals.list()).findIndex(({ hen_id: id }) => id === first);
    await page.keyboard.press(String(at + 1));
    await page.waitForURL(`**/terminals?hen=${encodeURIComponent(first)}`);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("whose program ends says so, keeps the picture, and is started anew by a click", async () => {
    const { page } = await openTerminal();
    await typeLine(page, "echo the-last; exit 3");
    await page.waitForSelector("text=Its program ended with code 3.");
    await waitForRow(page, /^the-last/);
    await page.click("text=Start it anew");
    await page.waitForSelector(".terminal-state-live");
    await waitForRow(page, /[$#]$/);
    expect((await rowsOf(page)).join("\n")).not.toContain("the-last");
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("of a leased hen whose lease forbids it can only be watched, and the page says why", async () => {
    const lease = "lease: {allow_lease: true, require_framework: false, topic_filter: {deny_keywords: [weapon]}}\n";
    const hen = await rig.raise("rented", lease);
    await rig.client.hens.lease(hen, { renter: "bob", leaseId: "l1" });
    const page = await rig.open(`/terminals?hen=${hen}`);
    await page.waitForSelector("text=its lease lets nobody type");
    expect(await page.locator("text=Start the terminal").count()).toBe(0);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("is picked by some letters of the hen's name; an egg says that it hatches first", async () => {
    const egg = `spec_version: coop/v1\nname: eggbert\nbrain: {provider_id: none, provider: script, model: hello}\nnetwork: {policy: "off"}\n`;
    await rig.client.hens.create(new TextEncoder().encode(egg));
    const page = await rig.open("/terminals");
    await page.waitForSelector(".terminal-strip, .empty");
    await page.keyboard.press("n");
    await page.keyboard.type("eggb");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=It is still an egg: it hatches first.");
    await startTerminal(page);
    expect((await rig.client.hens.get("local.coop/eggbert")).state).toBe("IDLE");
    expect(rig.complaints).toEqual([]);
  }, 60_000);
});

/** Tag and name of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(
    `(({ tagName, ariaLabel, textContent }) => tagName.toLowerCase() + " " + (ariaLabel ?? textContent).trim())(document.activeElement)`,
  );
}

/** Columns and rows, as the foot of the first terminal says. */
async function sizeOf(page: Page): Promise<string> {
  return (await page.locator(".terminal-hint .amount").first().innerText()).trim();
}
