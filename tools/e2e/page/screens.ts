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

/** Every page; a new one is a row here. `tools/e2e/page/screenshots.ts` draws them, the accessibility test judges them. */
export const SCREENS: readonly Screen[] = [
  { name: "farm-list", path: () => "/?view=list", ready: (page) => page.waitForSelector(".hen-row") },
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
];
