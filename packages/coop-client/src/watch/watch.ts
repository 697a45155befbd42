import { CoopError, type FarmEvent, type WatchNotice } from "coopd-core";
import type { FarmCalls } from "../farm.ts";
import type { Transport } from "../http/transport.ts";
import { SOCKET_TIMES, type SocketTimes } from "../http/web-socket.ts";
import { BACKOFF_DEFAULT, type Backoff, pause, pauseMs } from "./backoff.ts";
import { openWatchSocket, type WatchSocket } from "./socket.ts";

/** What this client says of its own connection; a daemon never sends these. */
export type LinkNotice =
  /** Connected: every event behind `since` follows. Undefined where the daemon numbers nothing (the original). */
  | { readonly type: "link_opened"; readonly since: number | undefined }
  | { readonly type: "link_lost"; readonly reason: string };

/** What a watcher meets. A newer daemon may send events of types that are not listed here. */
export type WatchItem = FarmEvent | WatchNotice | LinkNotice;

export interface WatchOptions {
  /** Replay what happened behind this `seq`, then go on; without it, from now on. */
  readonly since?: number | undefined;
  /** Only events of these types; gaps and the farewell come all the same. The original takes no filter. */
  readonly types?: readonly string[] | undefined;
  /** Only events about this hen. */
  readonly hen?: string | undefined;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** How long a lost connection is tried again, ms; 0 ends the iteration instead. */
  readonly reconnectMs?: number | undefined;
  readonly backoff?: Backoff | undefined;
  readonly times?: SocketTimes | undefined;
}

/** Long enough for a restart with a large store (architecture §8: 2 s) on a slow disk, many times over. */
export const RECONNECT_MS_DEFAULT = 60_000;

/**
 * The farm's events over `/watch`, in order, each once. A lost connection is opened again behind the last event, so
 * nothing is missed; where that cannot be promised a `gap` says so: read a snapshot then.
 * @throws CoopError when the first connection cannot be made, at once: `unreachable`, `unauthorized`, `not_found`,
 * `host_refused`, `timeout`, `bad_answer`; later the same, when it stayed lost for `reconnectMs`
 */
export async function* watchFarm(
  transport: Transport,
  farm: FarmCalls["farm"],
  options: WatchOptions = {},
): AsyncGenerator<WatchItem> {
  const { signal, reconnectMs = RECONNECT_MS_DEFAULT } = options;
  const link = new WatchLink(transport, farm, options);
  let socket = await link.open().catch(throwUnlessAborted(signal));
  while (socket !== undefined) {
    try {
      yield* link.take(socket);
    } finally {
      socket.close();
    }
    if (signal?.aborted === true) return;
    yield { type: "link_lost", reason: socket.ended ?? "the connection broke off" };
    if (reconnectMs <= 0) return;
    socket = await link.reopen(reconnectMs).catch(throwUnlessAborted(signal));
  }
}

/** Where one watcher stands, over any number of connections. */
class WatchLink {
  readonly #transport: Transport;
  readonly #farm: FarmCalls["farm"];
  readonly #options: WatchOptions;
  #since: number | undefined;
  #gap: WatchNotice | undefined;
  #isFirst = true;

  constructor(transport: Transport, farm: FarmCalls["farm"], options: WatchOptions) {
    this.#transport = transport;
    this.#farm = farm;
    this.#options = options;
    this.#since = options.since;
  }

  /** Asks where the farm stands first: a watcher that starts "now" can then come back without a gap. */
  async open(): Promise<WatchSocket> {
    const { signal, times = SOCKET_TIMES, types, hen } = this.#options;
    const newest = (await this.#farm({ signal })).event_seq;
    const mustResume = this.#since !== undefined || !this.#isFirst;
    if (mustResume && (newest === undefined || newest < (this.#since ?? 0))) {
      this.#gap = { type: "gap", from: (this.#since ?? 0) + 1, to: newest ?? 0, reason: "reset" };
      this.#since = newest;
    }
    this.#since ??= newest;
    const socket = await openWatchSocket(this.#transport, { since: this.#since, types, hen }, times, signal);
    this.#isFirst = false;
    return socket;
  }

  async reopen(withinMs: number): Promise<WatchSocket> {
    const { signal, backoff = BACKOFF_DEFAULT } = this.#options;
    const lostAtMs = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      await pause(pauseMs(backoff, attempt), signal);
      try {
        return await this.open();
      } catch (error) {
        if (!isPassing(error) || performance.now() - lostAtMs > withinMs) throw error;
      }
    }
  }

  /** What one connection brings, without what was seen before. */
  async *take(socket: WatchSocket): AsyncGenerator<WatchItem> {
    if (this.#gap !== undefined) yield this.#gap;
    this.#gap = undefined;
    yield { type: "link_opened", since: this.#since };
    for await (const frame of socket.frames()) {
      const seq = frame.type === "gap" ? frame.to : frame.seq;
      if (typeof seq === "number") {
        const isReset = frame.type === "gap" && frame.reason === "reset";
        if (!isReset && seq <= (this.#since ?? -1)) continue;
        this.#since = seq;
      }
      yield frame as unknown as WatchItem;
    }
  }
}

/** What a daemon that is just starting, or a proxy before it, answers with. */
function isPassing(error: unknown): boolean {
  const passing: readonly string[] = ["unreachable", "timeout", "shutting_down", "store_unavailable", "bad_answer"];
  return error instanceof CoopError && passing.includes(error.code);
}

/** Being aborted is the normal way to stop watching, not an error. */
function throwUnlessAborted(signal: AbortSignal | undefined): (error: unknown) => undefined {
  return (error) => {
    if (signal?.aborted === true) return undefined;
    throw error;
  };
}
