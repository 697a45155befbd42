import { setImmediate as nextLoop } from "node:timers/promises";

/**
 * Lets terminals work on their output one piece at a time, with a round of the event loop between two: fifty floods at once
 * hold up nobody longer than one does, and each gets its share.
 */
export function createTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => nextLoop());
    return last;
  };
}
