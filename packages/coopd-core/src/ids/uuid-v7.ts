/** What an id source needs of the world; core itself has neither a clock nor randomness. */
export interface IdSourceParts {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Fills and returns `count` cryptographically random bytes. */
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Room above the random start of the counter, so that 2,048 ids fit in a millisecond before time is borrowed. */
const COUNTER_START_MAX = 0x7ff;
const COUNTER_MAX = 0xfff;

/**
 * Makes a source of UUIDv7 strings (RFC 9562 §5.7), lower case and hyphenated, strictly increasing for the
 * life of the source even when the clock stands still or steps back (§6.2, method 1: a counter in `rand_a`).
 */
export function createIdSource(parts: IdSourceParts): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const random = parts.randomBytes(10);
    const nowMs = Math.floor(parts.nowMs());
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = (((random[8] ?? 0) << 8) | (random[9] ?? 0)) & COUNTER_START_MAX;
    } else if (counter < COUNTER_MAX) {
      counter += 1;
    } else {
      lastMs += 1; // borrow the next millisecond: order matters more than the clock's last digit
      counter = 0;
    }
    return format(lastMs, counter, random);
  };
}

function format(ms: number, counter: number, random: Uint8Array): string {
  const time = ms.toString(16).padStart(12, "0");
  const variant = (((random[0] ?? 0) & 0x3f) | 0x80).toString(16).padStart(2, "0");
  let tail = variant;
  for (let i = 1; i < 8; i += 1) tail += (random[i] ?? 0).toString(16).padStart(2, "0");
  const version = `7${counter.toString(16).padStart(3, "0")}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/**
 * What every UUIDv7 of one millisecond begins with, `xxxxxxxx-xxxx`. As texts, ids of earlier times are less than it and
 * those of that time and later are greater, so a range of times is a range of ids.
 */
export function uuidV7Prefix(ms: number): string {
  const time = Math.min(Math.max(0, Math.floor(ms)), TIME_MAX)
    .toString(16)
    .padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

/** 48 bits (RFC 9562 §5.7). */
const TIME_MAX = 0xffff_ffff_ffff;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a lower-case hyphenated UUIDv7. */
export function isUuidV7(text: string): boolean {
  return UUID.test(text);
}
