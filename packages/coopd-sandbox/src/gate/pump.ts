import type { Socket } from "node:net";

/**
 * Carries bytes from one socket to another as fast as the slower of them takes them: while a write waits, nothing is read. The
 * end is carried too, so that each side may say all and still listen. `first` goes ahead of what is read.
 */
export function pump(from: Socket, to: Socket, moved: () => void, first?: Uint8Array): void {
  const write = (bytes: Uint8Array) => {
    moved();
    if (!to.write(bytes)) from.pause();
  };
  to.on("drain", () => {
    moved();
    from.resume();
  });
  from.on("data", write).once("end", () => to.end());
  if (first !== undefined && first.length > 0) write(first);
  if (from.readableEnded) to.end();
  else if (!to.writableNeedDrain) from.resume();
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
