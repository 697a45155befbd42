// Plain Node 20: this runs before anything is installed.

/** A set-up step that cannot go on. `next` is what the reader can do about it, as one sentence or one command. */
export class BootError extends Error {
  /**
   * @param {string} message
   * @param {string} next
   */
  constructor(message, next) {
    super(message);
    this.name = "BootError";
    this.next = next;
  }
}

/**
 * One line about the set-up, on stderr, so that a program's own output stays clean.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`coop: ${line}\n`);
}

/** Seconds between two signs of life of a long step: silence longer than this looks like a hang. */
const HEARTBEAT_SECS = 10;

/**
 * Says that a long step has begun, then every ten seconds that it still runs. Whoever starts it calls what it returns.
 *
 * @param {string} what
 * @returns {() => void} ends the signs of life and says how long it took
 */
export function sayLong(what) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  say(`${what} …`);
  const timer = setInterval(() => say(`${what} … ${seconds()} s`), HEARTBEAT_SECS * 1000);
  return () => {
    clearInterval(timer);
    say(`${what}: done in ${seconds()} s`);
  };
}
