import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, openPageRig, type PageRig } from "./rig.ts";
import { rowsOf, startTerminal, typeLine, waitForRow } from "./terminal-steps.ts";

// Issue 9, shown by 3: what a line does to a terminal, and what a program can do to the page.
let rig: PageRig;
beforeAll(async () => {
  if (!hasBrowser) return;
  rig = await openPageRig();
  rig.forgive(
    /ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET|WebSocket connection to|ERR_EMPTY/,
  );
}, 60_000);
afterAll(() => rig?.close(), 60_000);

let made = 0;
async function openTerminal(): Promise<{ readonly page: Page; readonly hen: string }> {
  made += 1;
  const hen = await rig.raise(`line${made}`);
  const page = await rig.open(`/terminals?hen=${hen}`);
  await startTerminal(page);
  return { page, hen };
}

describe.skipIf(!hasBrowser)("the line to a terminal", () => {
  test("a reload shows the screen as it is, in a full-screen program too, and what happened meanwhile", async () => {
    const { page, hen } = await openTerminal();
    await typeLine(
      page,
      "printf '\\033[?1049h\\033[5;5Hfull \\033[31mscreen\\033[0m'; sleep 2; printf ' went on'; read",
    );
    await waitForRow(page, /full screen/);
    await page.goto(`${rig.url}/`);
    await page.goto(`${rig.url}/terminals?hen=${hen}`);
    await waitForRow(page, /^ {4}full screen went on/);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("a browser that was offline comes back by itself: nothing missing, nothing doubled", async () => {
    const { page, hen } = await openTerminal();
    await typeLine(page, "clear; echo be''fore");
    await waitForRow(page, /^before$/);
    await page.context().setOffline(true);
    await page.waitForSelector("text=The line to the farm is lost");
    await page.keyboard.type("x"); // goes nowhere
    await rig.client.terminals.send(hen, { keys: "echo mean''while-$((20+2))" });
    await page.context().setOffline(false);
    await waitForRow(page, /^meanwhile-22/);
    await page.waitForSelector("text=Every key goes in");
    await typeLine(page, "echo af''ter");
    await waitForRow(page, /^after$/);
    const rows = (await rowsOf(page)).filter((row) => /^(?:before|meanwhile-22|after)$/.test(row));
    expect(rows).toEqual(["before", "meanwhile-22", "after"]);
    expect(rig.complaints).toEqual([]);
  }, 60_000);

  test("a daemon that is killed takes the terminal with it: that is said, the picture stays, and it is started anew by a click", async () => {
    const { page, hen } = await openTerminal();
    await typeLine(page, "echo the-la''st");
    await waitForRow(page, /^the-last$/);
    await rig.killAndRestart(async () => {
      await page.waitForSelector("text=The line to the farm is lost");
      await waitForRow(page, /^the-last$/);
    });
    await page.waitForSelector("text=It ended while the line was lost.");
    await waitForRow(page, /^the-last$/);
    expect(await rig.client.terminals.list()).toEqual([]);
    await page.click("text=Start it anew");
    await waitForRow(page, /an earlier terminal of this hen ended when the daemon stopped/);
    await typeLine(page, "echo aga''in");
    await waitForRow(page, /^again$/);
    expect((await rig.client.terminals.list()).map(({ hen_id: id }) => id)).toEqual([hen as never]);
    expect(rig.complaints).toEqual([]);
  }, 90_000);
});

describe.skipIf(!hasBrowser)("a hostile program", () => {
  test("floods: the page gets all of 10 MB, draws and answers while it comes", async () => {
    const { page } = await openTerminal();
    await page.evaluate(`(() => {
      window.pace = { frames: 0, longest: 0 };
      let last = performance.now();
      const step = () => {
        const now = performance.now();
        window.pace.frames += 1;
        window.pace.longest = Math.max(window.pace.longest, now - last);
        last = now;
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    })()`);
    await page.keyboard.type("stty -onlcr; seq -f %07.0f 1250000; stty onlcr; echo the-e'n'd");
    const startMs = performance.now();
    await page.keyboard.press("Enter");
    await waitForRow(page, /^ *\d{7}$/);
    const clicks: number[] = [];
    while (!(await rowsOf(page)).some((row) => /the-end/.test(row))) {
      const clickMs = performance.now();
      await page.click("[aria-label^='Find (']");
      await page.waitForSelector(".terminal-find");
      await page.click("[aria-label='Close the search']");
      await page.waitForSelector(".terminal-find", { state: "detached" });
      clicks.push(performance.now() - clickMs);
      if (performance.now() - startMs > 120_000) throw new Error("the flood did not end");
    }
    const pace = (await page.evaluate("window.pace")) as { frames: number; longest: number };
    const flood = `${Math.round(performance.now() - startMs)} ms, ${pace.frames} frames`;
    console.log(
      `flood of 10 MB: ${flood}, longest frame ${Math.round(pace.longest)} ms, clicks ${clicks.map(Math.round)}`,
    );
    expect(clicks.length).toBeGreaterThan(0); // opened and closed while it came
    expect(pace.frames).toBeGreaterThan(10);
    expect(rig.complaints).toEqual([]);
  }, 180_000);

  test("gets neither clipboard, links, titles, notifications nor answers, and its text stays text", async () => {
    made += 1;
    const page = await rig.open(`/terminals?hen=${await rig.raise(`line${made}`)}`);
    let typedBytes = 0;
    page.on("websocket", (socket) =>
      socket.on("framesent", ({ payload }) => {
        if (typeof payload !== "string") typedBytes += payload.length;
      }),
    );
    await startTerminal(page);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate("navigator.clipboard.writeText('mine')");
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    const bombs = [
      "]52;c;c3RvbGVu\\007", // the clipboard
      "]8;;https://evil.test/\\033\\\\click here\\033]8;;\\033\\\\", // a link
      "]0;pwned\\007", // the title
      "]9;ring\\007", // a notification
      "]11;#000000\\007", // ink on ink
      "[9999999999999;9999999999H\\033[99999999b\\033[2147483647S", // numbers
    ];
    // What the daemon answers is swallowed; the page must not answer too.
    const questions = "]10;?\\007\\033]4;1;?\\007\\033[c\\033[6n\\033[5n\\033[>c\\033[?25$p\\033P$qm\\033\\\\";
    const line = `printf '\\033${questions}'; IFS= read -rst 1 -d '' -n 999 all; echo asked`;
    typedBytes = 0;
    await typeLine(page, line);
    await waitForRow(page, /^asked$/);
    expect(typedBytes).toBe(line.length + 1);
    for (const bomb of bombs) await typeLine(page, `printf '\\033${bomb}'`);
    await typeLine(
      page,
      "clear; printf '<img src=x onerror=alert(1)>\\n<b>bold</b>\\nevil\\342\\200\\256txt.exe\\n'; echo stea''dy",
    );
    await waitForRow(page, /^steady$/);
    await waitForRow(page, /^<img src=x onerror=alert\(1\)>$/);
    await waitForRow(page, /^<b>bold<\/b>$/);
    await typeLine(page, "head -c 1200000 /dev/zero | tr '\\0' a; echo; echo stan''ding"); // a line of a megabyte
    await waitForRow(page, /^standing$/, 0, 60_000);
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("mine");
    expect(await page.title()).toBe("Terminals · 🐔 Coop Farm");
    expect(await page.locator(".xterm a, .xterm img, .xterm b").count()).toBe(0);
    expect(asked).toEqual([]);
    await typeLine(page, "clear; echo sti''ll-typing");
    await waitForRow(page, /^still-typing$/);
    expect(rig.complaints).toEqual([]);
  }, 120_000);
});
