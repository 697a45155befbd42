import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";
import { startTerminal, styleOf, tokenOf, typeLine, waitForRow } from "./terminal-steps.ts";

let rig: PageRig;
beforeAll(async () => {
  if (hasBrowser) rig = await openPageRig();
}, 60_000);
afterAll(() => rig?.close());

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
});
