import { Broken } from "./claims.ts";

/** ms: longer than anything that a check waits for takes. */
export const WAIT_MS_MAX = 20_000;

/** Where a socket goes, and how long what it shall bring is waited for. */
export interface SocketPlace {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly waitMs: number;
}

/** A WebSocket of `/watch`: its frames as they came. */
export interface Watching {
  readonly frames: readonly string[];
  /** The frames as objects. */
  readonly events: () => readonly Readonly<Record<string, unknown>>[];
  /** Waits until one fits. @throws Broken when none comes in time */
  readonly until: (what: string, fits: (event: Readonly<Record<string, unknown>>) => boolean) => Promise<void>;
  readonly close: () => void;
}

/** A WebSocket of `/shell`: what it has shown and told. */
export interface Attached {
  readonly type: (text: string) => void;
  readonly tell: (frame: object) => void;
  readonly told: readonly Readonly<Record<string, unknown>>[];
  readonly shows: (text: string) => Promise<void>;
  /** @throws Broken when none comes in time */
  readonly untilTold: (type: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly untilClosed: () => Promise<void>;
  readonly close: () => void;
}

/** @throws Broken when it is not opened */
export async function openWatch(place: SocketPlace): Promise<Watching> {
  const socket = await open(place);
  const until = waiter(place.waitMs);
  const frames: string[] = [];
  socket.onmessage = ({ data }) => void frames.push(String(data));
  const events = () => frames.map((frame) => JSON.parse(frame) as Record<string, unknown>);
  return {
    frames,
    events,
    until: (what, fits) =>
      until(
        () => events().some(fits),
        () => `no event is ${what}; there were: ${frames.join(" ")}`,
      ),
    close: () => socket.close(),
  };
}

/** @throws Broken when it is not opened */
export async function openShell(place: SocketPlace): Promise<Attached> {
  const socket = await open(place);
  const until = waiter(place.waitMs);
  socket.binaryType = "arraybuffer";
  const told: Record<string, unknown>[] = [];
  const decoder = new TextDecoder();
  let shown = "";
  let isClosed = false;
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") told.push(JSON.parse(data));
    else shown += decoder.decode(data as ArrayBuffer, { stream: true });
  };
  socket.onclose = () => {
    isClosed = true;
  };
  const seen = () => `shown: ${JSON.stringify(shown)}, told: ${JSON.stringify(told)}`;
  return {
    type: (text) => socket.send(new TextEncoder().encode(text)),
    tell: (frame) => socket.send(JSON.stringify(frame)),
    told,
    shows: (text) =>
      until(
        () => shown.includes(text),
        () => `the terminal never shows ${JSON.stringify(text)}; ${seen()}`,
      ),
    untilTold: async (type) => {
      await until(
        () => told.some((frame) => frame.type === type),
        () => `no frame is ${type}; ${seen()}`,
      );
      return told.find((frame) => frame.type === type) ?? {};
    },
    untilClosed: () =>
      until(
        () => isClosed,
        () => "the socket is not closed",
      ),
    close: () => socket.close(),
  };
}

async function open({ url, headers }: SocketPlace): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers: { ...headers } });
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Broken(`the WebSocket ${new URL(url).pathname} is not opened`));
  await opened.promise;
  return socket;
}

function waiter(waitMs: number) {
  return async (holds: () => boolean, otherwise: () => string): Promise<void> => {
    for (const deadline = performance.now() + waitMs; !holds(); await Bun.sleep(5)) {
      if (performance.now() > deadline) throw new Broken(otherwise());
    }
  };
}
