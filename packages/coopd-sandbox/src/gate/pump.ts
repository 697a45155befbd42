import type { Socket } from "node:net";

/** Bytes on their way from one socket to another. */
export interface Pump {
  /** Bytes that were read, and that the other socket was not given yet. */
  heldBytes(): number;
}

/** A piece of this size says that there is more: whoever moves much takes turns, whoever moves little never waits. */
const MUCH_BYTES = 128 * 1024;
/** How many of them go on in one turn of the event loop: some 4 MiB, which takes two milliseconds. */
const PUMPS_OF_TURN = 8;
/**
 * Bun reads up to 512 KiB at once. Given to a slow socket in one, all of it would be kept for the sake of its last byte; in slices of
 * 64 KiB a download took a third more of the processor's time.
 */
const SLICE_BYTES = 256 * 1024;

/** Those that wait for their turn. One line for the whole process, for it has one event loop. */
const line: (() => void)[] = [];

function waitForTurn(go: () => void): void {
  if (line.push(go) === 1) setImmediate(nextTurn);
}

function nextTurn(): void {
  for (const go of line.splice(0, PUMPS_OF_TURN)) go();
  if (line.length > 0) setImmediate(nextTurn);
}

const NOTHING = new Uint8Array();

/**
 * Carries bytes from one socket to another as fast as the slower of them takes them: while a write waits, nothing is read. The
 * end is carried too, so that each side may say all and still listen. `first` goes ahead of what is read. However much moves,
 * the event loop stays free for others: those that move much take turns.
 */
export function pump(from: Socket, to: Socket, moved: () => void, first: Uint8Array = NOTHING): Pump {
  let rest = NOTHING;
  let isBlocked = false;
  let isWaiting = false;
  let isEnded = false;

  /** Gives slices until one is not taken whole. Both that one and what is behind it are copies, so that the large piece can go. */
  const give = (bytes: Uint8Array) => {
    moved();
    let at = 0;
    for (isBlocked = false; at < bytes.length && !isBlocked; at += SLICE_BYTES) {
      isBlocked = !to.write(bytes.length > SLICE_BYTES ? bytes.slice(at, at + SLICE_BYTES) : bytes);
    }
    rest = at < bytes.length ? bytes.slice(at) : NOTHING;
    if (isBlocked) from.pause();
    else if (isEnded) to.end();
  };
  const resume = () => {
    if (!isBlocked && !isWaiting) from.resume();
  };
  from.on("data", (bytes: Uint8Array) => {
    // A piece that comes although the source was paused goes behind what waits.
    give(
      rest.length === 0 ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : Buffer.concat([rest, bytes]),
    );
    if (isBlocked || isWaiting || bytes.length < MUCH_BYTES) return;
    isWaiting = true;
    from.pause();
    waitForTurn(() => {
      isWaiting = false;
      resume();
    });
  });
  from.once("end", () => {
    isEnded = true;
    if (rest.length === 0) to.end();
  });
  to.on("drain", () => {
    give(rest);
    resume();
  });
  isEnded = from.readableEnded;
  give(first);
  resume();
  return { heldBytes: () => rest.length };
}

/** Reads what still comes and forgets it, up to a limit, so that an answer is not lost to a reset (RFC 9112 §9.6). */
export function discard(from: Socket, bytesMax = 1024 * 1024): void {
  let left = bytesMax;
  from.on("data", (bytes: Uint8Array) => {
    left -= bytes.length;
    if (left < 0) from.destroy();
  });
  from.resume();
}
