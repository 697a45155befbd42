import type { Page } from "playwright-core";
import type { Flock } from "./flock.ts";

/** One picture of docs/screenshots, in both themes and on a phone. */
export interface Screen {
  /** Of its files: `NAME-light.png`, `NAME-dark.png`, `NAME-phone.png`. */
  readonly name: string;
  /** Its address, made of what the flock holds. */
  readonly path: (flock: Flock) => string;
  /** Waits until what the picture shows is there. */
  readonly ready: (page: Page, flock: Flock) => Promise<unknown>;
}

/** Waits for the flock and brings it into the picture, which the list of what needs somebody may have filled. */
async function toFlock(page: Page, what: string): Promise<void> {
  await page.waitForSelector(what);
  await page.evaluate("document.querySelector('.flock').scrollIntoView({ block: 'end' }); scrollBy(0, 120)");
}

/** Every page; a new one is a row here. `tools/e2e/page/screenshots.ts` draws them, the accessibility test judges them. */
export const SCREENS: readonly Screen[] = [
  { name: "login", path: () => "/login", ready: (page) => page.waitForSelector("#token") },
  { name: "farm-list", path: () => "/?view=list", ready: (page) => toFlock(page, ".hen-row") },
  { name: "farm-yard", path: () => "/?view=yard", ready: (page) => toFlock(page, ".yard .bird") },
  {
    name: "farm-peek",
    path: ({ hen }) => `/?peek=${encodeURIComponent(hen)}`,
    ready: (page) => page.waitForSelector(".peek .peek-output"),
  },
  { name: "farm", path: () => "/", ready: (page) => page.waitForSelector("text=Needs you") },
  {
    name: "terminals",
    path: ({ terminalHens: [first, second] }) => `/terminals?hen=${first},${second}`,
    ready: (page) => page.waitForSelector("text=eggs today >> nth=1"),
  },
  {
    name: "job",
    path: ({ doneJob }) => `/jobs/${doneJob}`,
    ready: async (page) => {
      await page.click("[data-testid=tool] >> nth=0");
      await page.waitForSelector(".story-end .markdown h4");
    },
  },
  {
    name: "job-running",
    path: ({ runningJob }) => `/jobs/${runningJob}`,
    ready: (page) => page.waitForSelector(".tool-busy"),
  },
  {
    name: "job-queued",
    path: ({ queuedJob }) => `/jobs/${queuedJob}`,
    ready: (page) => page.waitForSelector(".job-waiting"),
  },
  {
    name: "job-timeline",
    path: ({ doneJob }) => `/jobs/${doneJob}/timeline`,
    ready: (page) => page.click(".span-row >> nth=2"),
  },
  {
    name: "job-cost",
    path: ({ limitJob }) => `/jobs/${limitJob}/cost`,
    ready: (page) => page.waitForSelector(".meter-stopper"),
  },
  {
    name: "job-journal",
    path: ({ doneJob }) => `/jobs/${doneJob}/journal`,
    ready: (page) => page.click(".journal-row >> nth=5"),
  },
  { name: "vault", path: () => "/vault", ready: (page) => page.waitForSelector("td >> text=openrouter.ai") },
  { name: "settings-access", path: () => "/settings", ready: (page) => page.waitForSelector("td >> text=nightly") },
  {
    name: "settings-farm",
    path: () => "/settings/farm",
    ready: async (page) => {
      await page.waitForSelector("text=Loopback");
      await page.getByRole("button", { name: "Look for faults" }).click();
      await page.waitForSelector("text=No fault in it.");
    },
  },
  {
    name: "settings-walls",
    path: () => "/settings/walls",
    ready: (page) => page.waitForSelector(".wall-rows li >> nth=5"),
  },
  {
    name: "settings-audit",
    path: () => "/settings/audit",
    ready: async (page) => {
      await page.getByRole("button", { name: "Verify the trail" }).click();
      await page.waitForSelector("text=Whole: entries");
    },
  },
  { name: "jobs", path: () => "/jobs", ready: (page) => page.waitForSelector(".job-row") },
  { name: "tasks", path: () => "/tasks", ready: (page) => page.waitForSelector(".task-row") },
  { name: "events", path: () => "/events?since=0", ready: (page) => page.waitForSelector(".event-row") },
  { name: "hen", path: ({ hen }) => `/hens/${hen}`, ready: (page) => page.waitForSelector(".hen-job") },
  {
    name: "hen-memory",
    path: ({ hen }) => `/hens/${hen}/memory`,
    ready: (page) => page.waitForSelector(".episode"),
  },
  {
    name: "hen-egress",
    path: ({ asker }) => `/hens/${asker}/egress`,
    ready: (page) => page.waitForSelector(".egress-row"),
  },
  {
    name: "hen-manifest",
    path: ({ boss }) => `/hens/${boss}/manifest`,
    ready: (page) => page.waitForSelector(".problems-good"),
  },
  {
    name: "hen-handed",
    path: ({ boss }) => `/hens/${boss}/handed`,
    ready: (page) => page.waitForSelector(".tree ul ul ul"),
  },
  {
    name: "hen-walls",
    path: ({ asker }) => `/hens/${asker}/walls`,
    ready: (page) => page.waitForSelector(".wall-holds"),
  },
  {
    name: "hen-files",
    path: ({ hen }) => `/hens/${hen}/files?path=eggs.md&file=1`,
    ready: (page) => page.waitForSelector(".file-view table"),
  },
  { name: "hen-usage", path: ({ boss }) => `/hens/${boss}/usage`, ready: (page) => page.waitForSelector(".day-bars") },
  {
    name: "raise",
    path: () => "/raise?template=allowlist",
    ready: (page) => page.waitForSelector(".problems-good, .tabs"),
  },
];
