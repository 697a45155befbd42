import type { Page } from "../docs/page.ts";
import { type Step, toSteps } from "../docs/steps.ts";
import { openReader, type Reader } from "./reader.ts";
import { isShown } from "./shown.ts";

/** Where a page does not do what it says. */
export interface Stumble {
  /** `docs/page.md:line`. */
  readonly place: string;
  readonly message: string;
}

/** Pages for whoever has a clone. */
const CLONED = new Set(["README.md", "docs/development.md"]);

/**
 * Does all that a page says, in order, in a new home beside a daemon of its own. Stops at the first stumble, since what
 * comes after it builds on it.
 */
export async function followPage(root: string, page: Page): Promise<Stumble | undefined> {
  const steps = toSteps(page);
  if (!steps.some(({ kind }) => kind === "run" || kind === "daemon")) return undefined;
  await using reader = openReader(root, { isClone: CLONED.has(page.path) });
  if (steps.find(({ kind }) => kind !== "file" && kind !== "skip")?.kind !== "daemon") {
    await reader.startDaemon("coopd serve");
  }
  for (const step of steps) {
    const message = await take(reader, step).catch((error: Error) => error.message);
    if (message !== undefined) return { place: `${page.path}:${step.line}`, message };
  }
  return undefined;
}

async function take(reader: Reader, step: Step): Promise<string | undefined> {
  switch (step.kind) {
    case "skip":
      return undefined;
    case "file":
      reader.save(step.name, step.text);
      return undefined;
    case "daemon":
      await reader.startDaemon(step.script);
      return undefined;
    case "run": {
      const { exitCode, shown } = await reader.run(step.script);
      if (exitCode !== step.exit) return `ended with ${exitCode}, not ${step.exit}; it showed:\n${shown}`;
      if (step.shows === undefined || isShown(step.shows, shown)) return undefined;
      return `the page says\n${step.shows}\nbut it showed\n${shown}`;
    }
  }
}
