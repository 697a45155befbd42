import { setTimeout as delay } from "node:timers/promises";
import type { OutputCapture } from "../output/capture.ts";

/** After so many bytes a reader rests: one flooding hen gets 64 MB/s, and the event loop stays free for the others. */
const BURST_BYTES = 256 * 1024;
const REST_MS = 4;

/** Reads a pipe into a capture until every writer has closed it, or until the signal. */
export async function drainPipe(readFd: number, capture: OutputCapture, signal: AbortSignal): Promise<void> {
  const reader = Bun.file(readFd).stream().getReader();
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  let burst = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done || signal.aborted) return;
      capture.add(value);
      burst += value.length;
      if (burst < BURST_BYTES) continue;
      burst = 0;
      await delay(REST_MS);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
