import { expect, test } from "bun:test";
import net from "node:net";
import tls from "node:tls";
import { clientHello, helloMessage, record, serverName } from "../testing/hellos.ts";
import { parseClientHello } from "./client-hello.ts";

test("hellos that servers read differently are refused", () => {
  const faults: readonly (readonly [string, Uint8Array])[] = [
    ["two server_name extensions", clientHello({ sni: "a.test", extensions: [[0, serverName("b.test")]] })],
    [
      "any extension twice",
      clientHello({
        sni: "a.test",
        extensions: [
          [10, []],
          [10, []],
        ],
      }),
    ],
    ["two names in one", clientHello({ extensions: [[0, serverName("a.test", "b.test")]] })],
    ["a name of another kind", clientHello({ extensions: [[0, [0, 4, 1, 0, 1, 97]]] })],
    ["an empty name", clientHello({ sni: "" })],
    ["bytes behind the list of names", clientHello({ extensions: [[0, [...serverName("a.test"), 0]]] })],
    ["a list longer than its extension", clientHello({ extensions: [[0, [0, 99, 0, 0, 1, 97]]] })],
    ["a second message in the record", record([...helloMessage({ sni: "a.test" }), 0])],
    ["a message that is no ClientHello", record([2, 0, 0, 0])],
    ["a record that is no handshake", Uint8Array.from([0x17, 3, 3, 0, 1, 1])],
    [
      "an alert in the middle",
      Buffer.concat([record(helloMessage({ sni: "a.test" }).slice(0, 20)), Uint8Array.of(0x15, 3, 3, 0, 2, 1, 0)]),
    ],
    ["a record of nothing", Uint8Array.from([0x16, 3, 1, 0, 0])],
    ["SSL 2", Uint8Array.from([0x80, 0x2e, 1, 3, 1])],
    ["version 4", Uint8Array.from([0x16, 4, 0, 0, 5, 1])],
    ["a hello of 17 KiB", record(helloMessage({ extensions: [[99, Array<number>(17_000).fill(0)]] }))],
    ["a length that does not fit", record([1, 0, 0, 2, 3, 3])],
  ];
  for (const [name, bytes] of faults) expect([name, parseClientHello(bytes).kind]).toEqual([name, "fault"]);
});

test("the name is read, also over records that split it anywhere", () => {
  const message = helloMessage({ sni: "api.a.test", extensions: [[0xfe0d, [1, 2, 3]]] });
  for (let at = 1; at < message.length; at += 1) {
    const split = Buffer.concat([record(message.slice(0, at)), record(message.slice(at))]);
    expect(parseClientHello(split)).toEqual({ kind: "hello", sni: "api.a.test" });
  }
});

test("a hello without a name has none", () => {
  expect(parseClientHello(clientHello())).toEqual({ kind: "hello", sni: null });
  expect(parseClientHello(clientHello({ withoutExtensions: true }))).toEqual({ kind: "hello", sni: null });
});

test("what has not come whole is waited for", () => {
  const hello = clientHello({ sni: "a.test" });
  for (let end = 0; end < hello.length; end += 1) expect(parseClientHello(hello.subarray(0, end)).kind).toBe("more");
});

test("the runtime's own hello is read", async () => {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const server = net.createServer((socket) =>
    socket.once("data", (bytes) => resolve(Buffer.from(bytes))).on("error", () => {}),
  );
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as net.AddressInfo;
  const client = tls.connect({ host: "127.0.0.1", port, servername: "real.a.test" }).on("error", () => {});
  expect(parseClientHello(await promise)).toEqual({ kind: "hello", sni: "real.a.test" });
  client.destroy();
  server.close();
});
