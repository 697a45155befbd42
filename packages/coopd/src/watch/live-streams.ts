import { CoopError, type Job, type JobId, type JobStatus, type LiveEvent } from "coopd-core";
import type { JobEnds } from "../orchestrator/job-ends.ts";
import { LiveReader, type PlacedEvent } from "./live-reader.ts";
import type { LivePlace, TokenFeed } from "./token-feed.ts";

/** What streams need. */
export interface LiveStreamsParts {
  readonly feed: TokenFeed;
  readonly ends: JobEnds;
}

/** Each holds a connection and a timer; as many as there may be watchers. */
const STREAMS_MAX = 1_000;
/** A comment this often, ms, keeps proxies and our own server (120 s) from closing a stream in which nothing is said. */
const BEAT_MS = 15_000;
/** How soon a client should come back, ms. */
const RETRY_MS = 1_000;

/**
 * What jobs say, as Server-Sent Events: each event's id is the place behind it, so that a client that comes back with it as
 * Last-Event-ID goes on there.
 */
export class LiveStreams {
  readonly #feed: TokenFeed;
  readonly #ends: JobEnds;
  /** Those that are read, by whom. */
  readonly #streams = new Map<AbortController, string | undefined>();

  constructor({ feed, ends }: LiveStreamsParts) {
    this.#feed = feed;
    this.#ends = ends;
  }

  /**
   * A stream of the job's text until the job has ended; a job that waits is waited for. Nothing is held until it is read.
   * `credentialId` is of whoever reads it. @throws CoopError `too_many_watchers`
   */
  open(id: JobId, place: LivePlace | undefined, credentialId?: string): ReadableStream<Uint8Array> {
    if (this.#streams.size >= STREAMS_MAX) throw new CoopError("too_many_watchers", "too many clients watch jobs");
    const gone = new AbortController();
    let frames: AsyncGenerator<string> | undefined;
    const encoder = new TextEncoder();
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (frames === undefined) this.#streams.set(gone, credentialId);
          frames ??= this.#frames(id, place, gone);
          const { done, value } = await frames.next();
          if (done === true) controller.close();
          else controller.enqueue(encoder.encode(value));
        },
        cancel: () => gone.abort(),
      },
      { highWaterMark: 0 },
    );
  }

  /** Ends the streams of whoever was revoked. */
  closeWhere(isMeant: (credentialId: string | undefined) => boolean): void {
    for (const [gone, credentialId] of this.#streams) if (isMeant(credentialId)) gone.abort();
  }

  /** Ends every stream; clients may come back to another daemon. */
  close(): void {
    this.closeWhere(() => true);
  }

  async *#frames(id: JobId, place: LivePlace | undefined, gone: AbortController): AsyncGenerator<string> {
    const { signal } = gone;
    const bell = createBell();
    const unlisten = this.#feed.listen(id, bell.ring);
    const stop = new AbortController();
    let end: JobStatus | null | undefined;
    void endOf(this.#ends.wait(id, AbortSignal.any([signal, stop.signal]))).then((status) => {
      end = status;
      bell.ring();
    });
    signal.addEventListener("abort", bell.ring, { once: true });
    try {
      const reader = new LiveReader(this.#feed, id, place);
      yield `retry: ${RETRY_MS}\n\n`;
      while (!signal.aborted) {
        const isLast = end !== undefined; // looked at before the text is, so that none of it comes behind the end
        const events = reader.take();
        if (events.length > 0) yield events.map(toFrame).join("");
        else if (isLast) return yield toFrame({ event: { type: "end", status: end ?? null }, place: undefined });
        else if (!(await bell.wait(BEAT_MS))) yield ": still here\n\n";
      }
    } finally {
      signal.removeEventListener("abort", bell.ring);
      unlisten();
      stop.abort();
      this.#streams.delete(gone);
    }
  }
}

/** How the job ended; null when it is gone, undefined when nobody waits any more. */
async function endOf(ended: Promise<Job>): Promise<JobStatus | null | undefined> {
  try {
    return (await ended).status;
  } catch (error) {
    return error instanceof CoopError && error.code === "job_not_found" ? null : undefined;
  }
}

/** Rings that nobody waited for become one. */
function createBell() {
  let isRung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      isRung = true;
      wake?.();
    },
    /** False when it did not ring within `ms`. */
    async wait(ms: number): Promise<boolean> {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      const wasRung = isRung;
      isRung = false;
      return wasRung;
    },
  };
}

function toFrame({ event, place }: PlacedEvent): string {
  const id = place === undefined ? "" : `id: ${place.epoch}-${place.offset}\n`;
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event satisfies LiveEvent)}\n\n`;
}

/** Reads `4-17`. @throws CoopError `bad_query` */
export function parseLivePlace(text: string): LivePlace {
  const [, epoch, offset] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  if (epoch === undefined || offset === undefined) {
    throw new CoopError("bad_query", "the last event's id is not one of a job's stream, as in 4-17");
  }
  return { epoch: Number(epoch), offset: Number(offset) };
}
