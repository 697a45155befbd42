import { CoopError, type LiveEvent } from "coopd-core";
import type { CallOptions, Transport } from "../http/transport.ts";
import { BACKOFF_DEFAULT, type Backoff, pause, pauseMs } from "../watch/backoff.ts";
import { RECONNECT_MS_DEFAULT } from "../watch/watch.ts";
import { readEventStream } from "./event-stream.ts";

export interface LiveOptions extends CallOptions {
  /** How long a lost connection is tried again, ms; 0 ends the iteration instead. */
  readonly reconnectMs?: number | undefined;
  readonly backoff?: Backoff | undefined;
}

/**
 * What a job's brain says, as it says it, until the job has ended (`end`). A lost connection is opened again behind the last
 * event. An abort ends the iteration without an error.
 * @throws CoopError when the first connection cannot be made: `job_not_found`, `not_found` (a daemon without streams),
 * `unreachable`, …; later when it stayed lost for `reconnectMs`
 */
export async function* liveEvents(
  transport: Transport,
  id: string,
  { signal, reconnectMs = RECONNECT_MS_DEFAULT, backoff = BACKOFF_DEFAULT }: LiveOptions = {},
): AsyncGenerator<LiveEvent> {
  let after: string | undefined;
  let isOpened = false;
  let lostAtMs: number | undefined;
  for (let attempt = 0; ; ) {
    try {
      const bytes = await transport.open("GET /jobs/{id}/stream", "text/event-stream", {
        path: { id },
        query: { after },
        signal,
      });
      isOpened = true;
      for await (const event of readEventStream(bytes)) {
        [attempt, lostAtMs, after] = [0, undefined, event.id ?? after];
        const live = parseLive(event.data);
        yield live;
        if (live.type === "end") return;
      }
    } catch (error) {
      if (signal?.aborted === true) return;
      if (!isOpened || !isPassing(error)) throw error;
      lostAtMs ??= performance.now();
      if (performance.now() - lostAtMs > reconnectMs) throw error;
    }
    lostAtMs ??= performance.now();
    if (signal?.aborted === true || performance.now() - lostAtMs > reconnectMs) return;
    await pause(pauseMs(backoff, attempt), signal);
    attempt += 1;
  }
}

function parseLive(data: string): LiveEvent {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === "object" && value !== null && "type" in value) return value as LiveEvent;
  } catch {
    // falls through to the refusal
  }
  throw new CoopError("bad_answer", "an event of the job's stream is none that this client knows");
}

/** What a daemon that is going down or coming up answers with. */
function isPassing(error: unknown): boolean {
  return error instanceof CoopError && ["unreachable", "timeout", "shutting_down"].includes(error.code);
}
