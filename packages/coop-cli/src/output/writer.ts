/** One of the process's outputs. */
export interface Writer {
  /** Resolves when the text, or the bytes as they are, were taken over. @throws PipeClosed when nobody reads any more */
  write(text: string | Uint8Array): Promise<void>;
}

/** The reader of a pipe went away, as `head` does; not an error, there is just nobody left to write for. */
export class PipeClosed extends Error {
  override readonly name = "PipeClosed";
}

/** Writes by Bun's file sinks: `process.stdout` would take 12 ms to load (architecture §8). */
export function openWriter(name: "stdout" | "stderr"): Writer {
  const sink = Bun[name].writer();
  return {
    async write(text) {
      try {
        sink.write(text);
        await sink.flush();
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "EPIPE") throw new PipeClosed();
        throw error;
      }
    },
  };
}
