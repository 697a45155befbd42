import type { Page } from "playwright-core";

/** Between two looks at the rows, ms. */
const LOOK_MS = 40;

/** What a terminal's rows say, in the page: `rowsOf(0)`, of the first that is shown. */
const ROWS = `((at) => [...(document.querySelectorAll(".term-view")[at]?.querySelectorAll(".xterm-rows > div") ?? [])]
  .map((row) => (row.textContent ?? "").replaceAll("\\u00a0", " ").trimEnd()))`;

/** The rows that a terminal shows, as drawn. */
export function rowsOf(page: Page, pane = 0): Promise<readonly string[]> {
  return page.evaluate(`${ROWS}(${pane})`);
}

/** Waits for a row that fits. */
export async function waitForRow(page: Page, pattern: RegExp, pane = 0, timeoutMs = 20_000): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const rows = await rowsOf(page, pane);
    if (rows.some((row) => pattern.test(row))) return;
    if (performance.now() > deadlineMs) throw new Error(`no row like ${pattern}; there are:\n${rows.join("\n")}`);
    await page.waitForTimeout(LOOK_MS); // the page's policy lets no test wait inside it
  }
}

/** Starts the terminal that is not open yet, and waits for its prompt. */
export async function startTerminal(page: Page, pane = 0): Promise<void> {
  await page.click("text=Start the terminal");
  await page.waitForSelector(`.term-view >> nth=${pane} >> .terminal-state-live`);
  await waitForRow(page, /[$#]$/, pane);
}

/** Types a line into the terminal that has the focus. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

/** A property of how a word looks in the first terminal. */
export function styleOf(page: Page, word: string, property: string): Promise<string | undefined> {
  return page.evaluate(`(() => {
    const span = [...document.querySelectorAll(".xterm-rows span")].findLast((each) => each.textContent === ${JSON.stringify(word)});
    return span === undefined ? undefined : getComputedStyle(span)[${JSON.stringify(property)}];
  })()`);
}

/** What a token of the page's colours comes to. */
export function tokenOf(page: Page, name: string): Promise<string> {
  return page.evaluate(`(() => {
    const probe = document.createElement("i");
    probe.style.color = "var(--${name})";
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  })()`);
}
