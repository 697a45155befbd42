import http from "node:http";
import type { Socket } from "node:net";

/** Connections that wait at once, over all servers: as many as a large farm's jobs (64) have calls under way. */
const KEPT_MAX = 64;
/** One that has waited for this long is closed, ms. Many servers close theirs after 5 s, and nobody should meet that moment. */
const IDLE_MS_MAX = 4_000;
/** One that is older than this takes no further request, ms: a name may lead elsewhere by now, as often as DNS usually lets it. */
const AGE_MS_MAX = 60_000;

/** A connection to one judged address, for one request after the other. */
export class Connection {
  readonly socket: Socket;
  readonly agent: http.Agent;
  /** Monotonic, ms. */
  readonly openedMs: number;

  constructor(socket: Socket, openedMs: number) {
    this.socket = socket;
    this.agent = new OneSocketAgent(socket);
    this.openedMs = openedMs;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Gives its requests one socket. An agent is the only way in that Bun heeds; `createConnection` as an option it does not. */
class OneSocketAgent extends http.Agent {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): Socket {
    return this.#socket;
  }
}

interface Waiting {
  readonly connection: Connection;
  readonly untilMs: number;
  readonly stopWatching: () => void;
}

/**
 * Connections whose last answer was read to its end, for the next request to the same place by the same caller. Whatever
 * happens to one that waits (an end, an error, a byte that nobody asked for) closes it.
 */
export class KeptConnections {
  readonly #byKey = new Map<string, Waiting[]>();
  readonly #nowMs: () => number;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `nowMs` never steps back. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** The one that was used last. */
  take(key: string): Connection | undefined {
    const now = this.#nowMs();
    for (;;) {
      const waiting = this.#byKey.get(key)?.at(-1);
      if (waiting === undefined) return undefined;
      this.#remove(key, waiting);
      const { connection, untilMs } = waiting;
      if (now < untilMs && !connection.socket.destroyed) {
        connection.socket.ref();
        return connection;
      }
      connection.close();
    }
  }

  /** Keeps a connection that nobody uses any more, for at most `idleMs`; closes it where it is too old or there are too many. */
  keep(key: string, connection: Connection, idleMs = IDLE_MS_MAX): void {
    const now = this.#nowMs();
    const untilMs = Math.min(now + Math.min(idleMs, IDLE_MS_MAX), connection.openedMs + AGE_MS_MAX);
    if (this.#count >= KEPT_MAX || untilMs <= now || connection.socket.destroyed) {
      connection.close();
      return;
    }
    const { socket } = connection;
    socket.unref(); // a daemon that has nothing else to do ends
    const drop = () => {
      this.#remove(key, waiting);
      connection.close();
    };
    const EVENTS = ["end", "close", "error", "data"] as const;
    for (const name of EVENTS) socket.once(name, drop);
    const waiting: Waiting = {
      connection,
      untilMs,
      stopWatching: () => {
        for (const name of EVENTS) socket.off(name, drop);
      },
    };
    const list = this.#byKey.get(key) ?? [];
    list.push(waiting);
    this.#byKey.set(key, list);
    this.#count += 1;
    this.#arm();
  }

  #remove(key: string, waiting: Waiting): void {
    const list = this.#byKey.get(key);
    const at = list?.indexOf(waiting) ?? -1;
    if (list === undefined || at < 0) return;
    list.splice(at, 1);
    if (list.length === 0) this.#byKey.delete(key);
    this.#count -= 1;
    waiting.stopWatching();
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#sweep();
    }, IDLE_MS_MAX / 4);
    this.#timer.unref?.();
  }

  #sweep(): void {
    const now = this.#nowMs();
    for (const [key, list] of [...this.#byKey]) {
      for (const waiting of [...list]) {
        if (now < waiting.untilMs) continue;
        this.#remove(key, waiting);
        waiting.connection.close();
      }
    }
    if (this.#count > 0) this.#arm();
  }
}
