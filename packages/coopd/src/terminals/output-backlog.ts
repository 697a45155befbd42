/** Output between the reading of a program and the drawing of its screen, so that small reads are drawn together. */
export interface OutputBacklog {
  /** Resolves when there is room for one more read. */
  room(): Promise<void>;
  add(bytes: Uint8Array): void;
  /** Nothing more comes. */
  end(): void;
  /** Everything that is there, in pieces of at most `bytesMax`; waits for some; undefined at the end. */
  take(bytesMax: number): Promise<Uint8Array | undefined>;
}

/** A pty gives some 4 KiB a read, and each drawing has its price however little it draws. */
const HELD_BYTES_MAX = 128 * 1024;

/** An empty backlog, for one program. */
export function createOutputBacklog(): OutputBacklog {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let isOver = false;
  let stir = Promise.withResolvers<void>();
  const changed = () => {
    stir.resolve();
    stir = Promise.withResolvers();
  };
  return {
    async room() {
      while (heldBytes >= HELD_BYTES_MAX && !isOver) await stir.promise;
    },
    add(bytes) {
      held.push(bytes);
      heldBytes += bytes.length;
      changed();
    },
    end() {
      isOver = true;
      changed();
    },
    async take(bytesMax) {
      while (heldBytes === 0 && !isOver) await stir.promise;
      if (heldBytes === 0) return undefined;
      const all = held.length === 1 ? (held[0] ?? new Uint8Array()) : Buffer.concat(held, heldBytes);
      const piece = all.subarray(0, bytesMax);
      held = piece.length === all.length ? [] : [all.subarray(bytesMax)];
      heldBytes -= piece.length;
      changed();
      return piece;
    },
  };
}
