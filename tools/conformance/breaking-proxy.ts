import { request as rawRequest } from "node:http";

/** An answer on its way back. */
export interface PassingAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What a daemon that does not keep the contract does otherwise; each part is left as it is where it says nothing. */
export interface Fault {
  /** What the daemon hears of the headers. */
  readonly request?: (headers: Headers) => void;
  readonly answer?: (method: string, path: string, answer: PassingAnswer) => PassingAnswer;
  /** A text frame to the client. */
  readonly frame?: (text: string) => string;
  /** The bytes of a binary frame to the client, as text of one character a byte. */
  readonly bytes?: (text: string) => string;
}

/** Stands between the suite and a sound daemon, and breaks one thing at a time. Whoever opens it closes it. */
export interface BreakingProxy extends AsyncDisposable {
  readonly base: string;
  fault: Fault;
}

interface Ticket {
  readonly upstream: WebSocket;
  readonly early: (string | ArrayBuffer)[];
}

/** Opens one before the daemon at `target`. With no fault it changes nothing that a client can see. */
export function openBreakingProxy(target: string): BreakingProxy {
  const server = Bun.serve<Ticket>({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    maxRequestBodySize: 8 * 1024 * 1024,
    async fetch(request, self) {
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      if (headers.get("origin") === proxy.base) {
        headers.set("origin", target); // its own Origin, as the daemon knows it
        headers.set("host", new URL(target).host);
      }
      proxy.fault.request?.(headers);
      const isUpgrade = headers.get("upgrade") === "websocket";
      if (isUpgrade && !headers.has("origin")) return upgrade(request, self, target + pathname + search, headers);
      const answer = await pass(request, target + pathname + search, headers);
      const { status, headers: back, text } = proxy.fault.answer?.(request.method, pathname, answer) ?? answer;
      for (const name of ["content-length", "transfer-encoding", "connection", "keep-alive"]) back.delete(name);
      return new Response(status === 204 || request.method === "HEAD" ? null : text, { status, headers: back });
    },
    websocket: {
      open(socket) {
        const { upstream, early } = socket.data;
        const tell = (frame: string | ArrayBuffer) => {
          if (typeof frame === "string") socket.send(proxy.fault.frame?.(frame) ?? frame);
          else socket.send(Buffer.from(spoil(Buffer.from(frame), proxy.fault.bytes)));
        };
        for (const frame of early) tell(frame);
        upstream.onmessage = ({ data }) => tell(data);
        upstream.onclose = () => socket.close();
      },
      message: (socket, frame) => void socket.data.upstream.send(frame),
      close: (socket) => socket.data.upstream.close(),
    },
  });
  const proxy: BreakingProxy = {
    base: `http://127.0.0.1:${server.port}`,
    fault: {},
    [Symbol.asyncDispose]: () => server.stop(true),
  };
  return proxy;
}

function spoil(bytes: Buffer, change: Fault["bytes"]): Buffer {
  return change === undefined ? bytes : Buffer.from(change(bytes.toString("latin1")), "latin1");
}

async function upgrade(request: Request, server: Bun.Server<Ticket>, url: string, headers: Headers) {
  const authorization = headers.get("authorization");
  const upstream = new WebSocket(url.replace(/^http/, "ws"), {
    headers: authorization === null ? {} : { authorization },
  });
  upstream.binaryType = "arraybuffer";
  const early: (string | ArrayBuffer)[] = [];
  upstream.onmessage = ({ data }) => void early.push(data);
  const opened = await new Promise<boolean>((resolve) => {
    upstream.onopen = () => resolve(true);
    upstream.onerror = () => resolve(false);
  });
  if (opened && server.upgrade(request, { data: { upstream, early } })) return undefined;
  return new Response("not opened", { status: 400 });
}

/** By node:http, which sends Host and Origin as they are. */
async function pass(request: Request, url: string, headers: Headers): Promise<PassingAnswer> {
  const body = Buffer.from(await request.arrayBuffer());
  headers.delete("accept-encoding");
  const answered = Promise.withResolvers<PassingAnswer>();
  const sent = rawRequest(
    url,
    { method: request.method, headers: Object.fromEntries(headers), agent: false },
    (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const back = new Headers();
        for (const [name, value] of Object.entries(response.headers)) {
          for (const one of [value ?? []].flat()) back.append(name, one);
        }
        answered.resolve({ status: response.statusCode ?? 0, headers: back, text: Buffer.concat(chunks).toString() });
      });
    },
  );
  sent.on("error", answered.reject);
  sent.end(body);
  return answered.promise;
}
