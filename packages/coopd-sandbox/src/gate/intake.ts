import type { Socket } from "node:net";
import { type Fault, fault, type More } from "./parse/fault.ts";

/** Reads the beginning of what a hen sends, piece by piece, until its meaning is clear. */
export interface Intake {
  /**
   * Waits until `parse` says something other than `more`. Null when the client has said all before that, or is gone. The bytes
   * stay; {@link Intake.skip} drops what was understood.
   */
  read<T extends { readonly kind: string }>(parse: (bytes: Uint8Array) => T | More): Promise<T | Fault | null>;
  skip(count: number): void;
  /** Gives the socket to somebody else, paused: what was read and not skipped. Nothing of the intake listens any more. */
  release(): Uint8Array;
}

/** Honest clients send a head in a handful of pieces; one that sends bytes one by one has it parsed again for each. */
const PIECES_MAX = 512;

/** Takes over a socket whose reading has not begun; its errors and its end are the caller's. */
export function createIntake(socket: Socket): Intake {
  let held: Uint8Array = new Uint8Array();
  let pieces = 0;
  let isOver = false;
  let wake: (() => void) | undefined;

  const onData = (bytes: Uint8Array) => {
    socket.pause();
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    pieces += 1;
    wake?.();
  };
  const onOver = () => {
    isOver = true;
    wake?.();
  };
  socket.pause();
  socket.on("data", onData).once("end", onOver).once("close", onOver);
  socket.pause(); // listening for data sets it flowing

  return {
    async read(parse) {
      for (;;) {
        const found = parse(held);
        if (found.kind !== "more") return found as Exclude<typeof found, More>;
        if (isOver) return null;
        if (pieces > PIECES_MAX) return fault(`came in more than ${PIECES_MAX} pieces`);
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        socket.resume();
        await promise;
        wake = undefined;
      }
    },
    skip(count) {
      held = held.subarray(count);
    },
    release() {
      socket.pause();
      socket.off("data", onData).off("end", onOver).off("close", onOver);
      return held;
    },
  };
}
