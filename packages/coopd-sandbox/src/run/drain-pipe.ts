import type { OutputCapture } from "../output/capture.ts";
import type { OutputPacer } from "./output-pacer.ts";

/** Reads a pipe into a capture until every writer has closed it, or until the signal. */
export async function drainPipe(
  readFd: number,
  capture: OutputCapture,
  pacer: OutputPacer,
  signal: AbortSignal,
): Promise<void> {
  const reader = Bun.file(readFd).stream().getReader();
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      await pacer.turn();
      const { value, done } = await reader.read();
      if (done || signal.aborted) return;
      capture.add(value);
      pacer.charge(value.length);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
