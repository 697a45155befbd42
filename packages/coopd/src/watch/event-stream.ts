import type { WatchDesk, WatchWish } from "./watch-desk.ts";
import type { Watcher } from "./watcher.ts";

/** A line that nobody reads, so that proxies and browsers see that it lives: well within the 30 s that some wait, ms. */
const PING_MS = 15_000;
/** How long a browser waits before it comes back, ms. */
const RETRY_MS = 2_000;
/** As much as a WebSocket may have unsent; see Watcher. */
const BUFFERED_BYTES_MAX = 262_144;

/**
 * `/watch` as Server-Sent Events (WHATWG HTML §9.2): the same lines as over a WebSocket, each event with its `seq` as id, so
 * that a browser that comes back goes on behind it by itself (`Last-Event-ID`).
 */
export function toEventStream(desk: WatchDesk, wish: WatchWish, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  let watcher: Watcher | undefined;
  let ping: ReturnType<typeof setInterval> | undefined;
  const end = () => {
    clearInterval(ping);
    if (watcher !== undefined) desk.leave(watcher);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => {
          try {
            controller.enqueue(encoder.encode(text));
          } catch {
            end(); // the client is gone
          }
        };
        write(`retry: ${RETRY_MS}\n\n`);
        ping = setInterval(() => write(": ping\n\n"), PING_MS);
        watcher = desk.open(
          {
            send: (line) => write(toFrame(line)),
            together: (work) => work(),
            bufferedBytes: () => BUFFERED_BYTES_MAX - (controller.desiredSize ?? 0),
            close: () => {
              end();
              try {
                controller.close();
              } catch {
                // it was closed by the client a moment ago
              }
            },
          },
          wish,
        );
        signal.addEventListener("abort", end, { once: true });
      },
      pull: () => watcher?.catchUp(),
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFERED_BYTES_MAX }),
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}

/** Our lines are compact JSON and have no line feed in them. A gap ends at `to`, so that is where a browser goes on. */
function toFrame(line: string): string {
  const seq = /"seq":(\d+)[,}]/.exec(line)?.[1] ?? /^\{"type":"gap","from":\d+,"to":(\d+)/.exec(line)?.[1];
  return `${seq === undefined ? "" : `id: ${seq}\n`}data: ${line}\n\n`;
}
