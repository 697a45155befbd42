import { setImmediate as nextLoop } from "node:timers/promises";

/**
 * Lets launches begin one at a time, with a round of the event loop between two. Starting a process holds the loop for a
 * millisecond or more; twenty at once would hold it for as long together, and health checks with it.
 */
export function createLaunchTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => nextLoop());
    return last;
  };
}
