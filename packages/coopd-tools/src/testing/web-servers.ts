import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { TEST_CERTIFICATE, TEST_KEY } from "./test-certificate.ts";

/** One request as a test server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A server on loopback; whoever opens it closes it. */
export interface WebServer {
  readonly port: number;
  readonly seen: readonly SeenRequest[];
  /** Connections that are open just now. */
  openConnections(): number;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** HTTP or, with `isSecure`, HTTPS with the test certificate. */
export async function openWebServer(answer: Answer, isSecure = false): Promise<WebServer> {
  const seen: SeenRequest[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body });
      answer(response, { method, url, headers, body });
    });
  };
  const server = isSecure
    ? createHttpsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, listener)
    : createHttpServer(listener);
  return { seen, ...(await listenOn(server as unknown as Server)) };
}

/** Bytes of a test's own making, for answers that no server library would write. */
export async function openRawServer(answer: (socket: Socket) => void): Promise<Omit<WebServer, "seen">> {
  return listenOn(
    createServer((socket) => {
      let head = "";
      socket.on("error", () => undefined);
      socket.on("data", (chunk) => {
        const before = head;
        head += chunk.toString("latin1");
        if (head.includes("\r\n\r\n") && !before.includes("\r\n\r\n")) answer(socket);
      });
    }),
  );
}

async function listenOn(server: Server) {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    openConnections: () => open.size,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
