import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import type { Socket } from "node:net";
import { clientHello } from "./testing/hellos.ts";
import { allowlist, readSome, rule, startGate, startServer, until } from "./testing/test-gate.ts";

const HEAD = "Host: a.test:443\r\n\r\n";

/** Every way in which a connection ends; each is told what to send and how the hen leaves. */
const ENDS: readonly (readonly [name: string, send: string | Uint8Array, leave: (socket: Socket) => void])[] = [
  ["refused", "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test:443\r\n\r\n", (socket) => socket.end()],
  ["no request", "nonsense\r\n\r\n", (socket) => socket.end()],
  ["unsaid", "CONN", (socket) => socket.destroy()],
  ["silent", "", (socket) => socket.destroy()],
  ["a tunnel that the hen closes", `CONNECT a.test:443 HTTP/1.1\r\n${HEAD}\0`, (socket) => socket.end()],
  ["a tunnel that the hen resets", `CONNECT a.test:443 HTTP/1.1\r\n${HEAD}\0`, (socket) => socket.resetAndDestroy()],
  ["a request whose answer nobody reads", `GET http://a.test:443/ HTTP/1.1\r\n${HEAD}`, (socket) => socket.destroy()],
  ["half a body", `POST http://a.test:443/ HTTP/1.1\r\nContent-Length: 9\r\n${HEAD}half`, (socket) => socket.destroy()],
  [
    "a server that does not answer",
    "CONNECT gone.test:443 HTTP/1.1\r\nHost: gone.test:443\r\n\r\n",
    (socket) => socket.destroy(),
  ],
  [
    "SOCKS",
    Buffer.concat([Buffer.from([5, 1, 0, 5, 1, 0, 3, 6]), Buffer.from("a.test"), Buffer.from([1, 187, 0])]),
    (socket) => socket.end(),
  ],
  [
    "TLS for another",
    Buffer.concat([Buffer.from(`CONNECT a.test:443 HTTP/1.1\r\n${HEAD}`), clientHello({ sni: "b.test" })]),
    (socket) => socket.end(),
  ],
];

function openFiles(): number {
  return readdirSync("/proc/self/fd").length;
}

test.skipIf(process.platform !== "linux")(
  "however connections end, no descriptor of theirs is left",
  async () => {
    const server = await startServer((socket) => {
      socket.on("data", () => {}).once("end", () => socket.end());
      socket.write("hello");
    });
    const network = allowlist(rule("a.test"), rule("gone.test"));
    const gate = await startGate({ network, servers: { "a.test": server.port }, limits: { newBurst: 10_000 } });
    (await gate.connect()).destroy();
    const before = openFiles();
    for (let round = 0; round < 10; round += 1) {
      const sockets: Socket[] = [];
      for (const [, send, leave] of ENDS) {
        const socket = await gate.connect();
        sockets.push(socket);
        if (send.length > 0) socket.write(send);
        if (round % 2 === 0)
          leave(socket); // at once, before anything is clear
        else {
          if (send.length > 4) await readSome(socket, 1);
          leave(socket);
          socket.resume();
        }
      }
      for (const socket of sockets) socket.resume();
      // A hen that has said all may still listen: what a silent server holds open then ends by being idle.
      gate.clock.now += 5 * 60_000 + 1;
      await until(() => openFiles() <= before);
    }
    expect(openFiles()).toBeLessThanOrEqual(before);
    await gate.close();
    server.close();
    await until(() => openFiles() < before);
  },
  60_000,
);
