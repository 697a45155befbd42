import type { Check } from "./check.ts";
import { Broken } from "./claims.ts";
import type { Door } from "./door.ts";

/** How a check ended. */
export interface Outcome {
  readonly id: string;
  readonly section: string;
  readonly title: string;
  readonly result: "holds" | "broken" | "skipped";
  /** Why it is broken or was skipped. */
  readonly reason: string | null;
  readonly seconds: number;
}

/** Tries one after the other, since some of them count what is on the farm; `told` hears of each as it ends. */
export async function runChecks(
  checks: readonly Check[],
  door: Door,
  parts: { readonly hasCoop: boolean; readonly told: (outcome: Outcome) => void },
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { id, section, title, needs, run } of checks) {
    const startedAt = performance.now();
    const end = (result: Outcome["result"], reason: string | null) => {
      const outcome = { id, section, title, result, reason, seconds: (performance.now() - startedAt) / 1000 };
      outcomes.push(outcome);
      parts.told(outcome);
    };
    if (needs === "coop" && !parts.hasCoop) end("skipped", "needs --coop PATH");
    else if (needs === "coopd" && door.coopd === undefined)
      end("skipped", "needs --coopd PATH: it starts daemons of its own");
    else {
      await run(door).then(
        () => end("holds", null),
        (error) =>
          end("broken", error instanceof Broken ? error.message : `${error instanceof Error ? error.stack : error}`),
      );
    }
  }
  return outcomes;
}

/** One line for a person. */
export function renderOutcome({ id, section, title, result, reason }: Outcome): string {
  const mark = { holds: "holds  ", broken: "BROKEN ", skipped: "skipped" }[result];
  return `${mark}  ${section.padEnd(14)} ${id.padEnd(26)} ${title}${reason === null ? "" : `\n         ${reason}`}\n`;
}
