/** A raw WebSocket client of `/hens/:id/shell`, as the contract describes one: bytes both ways, sizes and the end as text. */
export interface RawShell {
  /** Everything that was received, as text. */
  text(): string;
  /** Received bytes, frame by frame. */
  readonly frames: readonly Uint8Array[];
  /** Text frames, parsed. */
  readonly notices: readonly { readonly type: string; readonly [field: string]: unknown }[];
  type(text: string | Uint8Array): void;
  send(frame: object | string): void;
  /** Resolves when what came behind the last find has `pattern` in it. @throws when it is closed without */
  saw(pattern: string | RegExp): Promise<string>;
  /** Resolves with the last notice when the daemon has closed it. */
  readonly closed: Promise<{ readonly type: string; readonly [field: string]: unknown } | undefined>;
  close(): void;
}

/** Looked through for each new frame: megabytes would be, thousands of times. */
const SEARCHED_CHARS = 100_000;

/** Resolves when the upgrade has succeeded; rejects when it was refused. */
export async function openRawShell(
  base: string,
  henId: string,
  query = "",
  headers: Record<string, string> = {},
): Promise<RawShell> {
  const url = `${base.replace("http", "ws")}/api/v1/hens/${encodeURIComponent(henId)}/shell${query}`;
  const socket = new WebSocket(url, { headers } as never);
  socket.binaryType = "arraybuffer";
  const frames: Uint8Array[] = [];
  const notices: { type: string }[] = [];
  const decoder = new TextDecoder();
  let text = "";
  let from = 0;
  let isClosed = false;
  let wake = Promise.withResolvers<void>();
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") notices.push(JSON.parse(data));
    else {
      frames.push(new Uint8Array(data as ArrayBuffer));
      text += decoder.decode(data as ArrayBuffer, { stream: true });
    }
    stir();
  };
  const closed = new Promise<(typeof notices)[number] | undefined>((resolve) => {
    socket.onclose = () => {
      isClosed = true;
      resolve(notices.at(-1));
      stir();
    };
  });
  await upgraded(socket);
  return {
    text: () => text,
    frames,
    notices,
    closed,
    type: (typed) => socket.send(typeof typed === "string" ? new TextEncoder().encode(typed) : new Uint8Array(typed)),
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    close: () => socket.close(),
    async saw(pattern) {
      for (;;) {
        from = Math.max(from, text.length - SEARCHED_CHARS);
        const found = new RegExp(pattern).exec(text.slice(from));
        if (found !== null) {
          from += found.index + found[0].length;
          return found[0];
        }
        if (isClosed) {
          throw new Error(`closed without ${pattern}: ${JSON.stringify(notices)}\n${text.slice(-1500)}`);
        }
        await wake.promise;
      }
    },
  };
}

function upgraded(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`no upgrade at ${socket.url}`));
  });
}
