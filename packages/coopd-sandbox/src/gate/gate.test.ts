import { describe, expect, test } from "bun:test";
import http from "node:http";
import type { Socket } from "node:net";
import tls from "node:tls";
import { TEST_CERTIFICATES } from "../testing/test-certificates.ts";
import { clientHello } from "./testing/hellos.ts";
import { SMUGGLED, SMUGGLED_CHUNKS } from "./testing/smuggling.ts";
import {
  allowlist,
  closedAfterEach,
  portOf,
  readAll,
  readSome,
  rule,
  startGate,
  startServer,
  type TestGateParts,
  until,
} from "./testing/test-gate.ts";

const open = closedAfterEach();

/** Every connection's bytes, as the server saw them. */
async function listening(answer = ""): Promise<{ port: number; seen: string[]; sockets: Socket[] }> {
  const seen: string[] = [];
  const sockets: Socket[] = [];
  const server = await startServer((socket) => {
    const index = seen.push("") - 1;
    sockets.push(socket);
    socket.on("data", (bytes: Uint8Array) => {
      seen[index] += Buffer.from(bytes).toString("latin1");
      if (answer !== "" && seen[index]?.includes("\r\n\r\n")) socket.end(answer);
    });
    socket.once("end", () => socket.end());
  });
  open.push(server);
  return { port: server.port, seen, sockets };
}

async function gateWith(parts: TestGateParts) {
  const gate = await startGate(parts);
  open.push(gate);
  return gate;
}

const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
const CONNECT = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n";
const ESTABLISHED = "HTTP/1.1 200 Connection Established\r\n\r\n";

/** A gate with a.test:80 and :443 let out to one server. */
async function gateToA(answer?: string, parts: TestGateParts = {}) {
  const server = await listening(answer);
  const gate = await gateWith({
    network: allowlist(rule("a.test", { ports: [80, 443] })),
    servers: { "a.test": server.port },
    ...parts,
  });
  return { ...gate, server };
}

async function say(socket: Socket, text: string | Uint8Array) {
  socket.write(typeof text === "string" ? Buffer.from(text, "latin1") : text);
  return readAll(socket);
}

async function tunnel(gate: { connect(): Promise<Socket> }, head = CONNECT): Promise<Socket> {
  const socket = await gate.connect();
  socket.write(head);
  expect(await readSome(socket, ESTABLISHED.length)).toBe(ESTABLISHED);
  return socket;
}

describe("what the proxy refuses", () => {
  test("a host that no rule names, as JSON that says how it could be let out, and as a line in the log", async () => {
    const { connect, records, server } = await gateToA();
    const { text, end } = await say(await connect(), "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test:443\r\n\r\n");
    expect(end).toBe("end");
    expect(text).toStartWith("HTTP/1.1 403 Forbidden (coop gate: no_rule)\r\n");
    expect(JSON.parse(text.slice(text.indexOf("\r\n\r\n")))).toMatchObject({
      code: "policy_denied",
      details: { code: "no_rule", rule: null, reason: "no rule names evil.test", allow: "evil.test:443" },
      error: "Coop's gate: no rule names evil.test",
      next: "the farmer can allow it: coop hen allow local.coop/pip evil.test:443",
    });
    expect(records).toMatchObject([
      {
        hen_id: "local.coop/pip",
        via: "connect",
        host: "evil.test",
        port: 443,
        verdict: "denied",
        code: "no_rule",
        allow: "evil.test:443",
        count: 1,
      },
    ]);
    expect(server.seen).toEqual([]);
  });

  const CODES: readonly (readonly [string, string, string])[] = [
    ["another port", "CONNECT a.test:22 HTTP/1.1\r\nHost: a.test:22\r\n\r\n", "port_not_listed"],
    ["an address", "CONNECT 8.8.8.8:443 HTTP/1.1\r\nHost: 8.8.8.8:443\r\n\r\n", "no_rule"],
    ["loopback", "CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n", "no_rule"],
    [
      "a name that resolves to a private address",
      "GET http://inside.test/ HTTP/1.1\r\nHost: inside.test\r\n\r\n",
      "private_address",
    ],
    ["a name that does not resolve", "GET http://gone.test/ HTTP/1.1\r\nHost: gone.test\r\n\r\n", "name_unresolved"],
    ["a method", "PUT http://read.test/v1 HTTP/1.1\r\nHost: read.test\r\n\r\n", "method_not_listed"],
    ["a path", "GET http://read.test/v2?/v1 HTTP/1.1\r\nHost: read.test\r\n\r\n", "path_not_listed"],
    [
      "a path around the listed one",
      "GET http://read.test/v1/%2e%2e/v2 HTTP/1.1\r\nHost: read.test\r\n\r\n",
      "path_not_listed",
    ],
    ["a request for the proxy itself", "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", "request_invalid"],
    ["SOCKS 4", "\x04\x01\0\x50\x01\x02\x03\x04\0\r\n\r\n", "request_invalid"],
    ["TLS to the proxy", Buffer.from(clientHello({ sni: "a.test" })).toString("latin1"), "request_invalid"],
  ];
  for (const [what, bytes, code] of CODES) {
    test(`${what}: ${code}`, async () => {
      const rules = [rule("a.test"), ...["inside.test", "gone.test"].map((host) => rule(host, { ports: [80] }))];
      const read = rule("read.test", { ports: [80], methods: ["GET"], paths: ["/v1"] });
      const { connect, records } = await gateWith({ network: allowlist(...rules, read) });
      const { text } = await say(await connect(), bytes);
      expect(text).toContain(`X-Coop-Denied: ${code}\r\n`);
      expect(records).toMatchObject([{ verdict: "denied", code }]);
    });
  }

  test(`every one of ${SMUGGLED.length} smuggled requests: not a byte goes on, and the connection ends`, async () => {
    const { connect, server, records } = await gateToA(ANSWER, { limits: { newBurst: 10_000 } });
    for (const [name, bytes] of SMUGGLED) {
      const socket = await connect();
      socket.end(Buffer.from(bytes, "latin1"));
      const { text } = await readAll(socket);
      expect([name, /^HTTP\/1\.1 40[03] /.test(text)]).toEqual([name, true]);
    }
    expect(server.seen).toEqual([]);
    expect(records.every(({ verdict }) => verdict === "denied")).toBe(true);
  });

  test("every one of them inside a tunnel: nothing of it goes on", async () => {
    const { connect, server } = await gateToA(ANSWER, { limits: { newBurst: 10_000 } });
    for (const [name, bytes] of SMUGGLED) {
      if (!/HTTP\/1/i.test(bytes)) continue; // what no server takes for a request is carried as raw bytes
      const socket = await tunnel({ connect });
      socket.end(Buffer.from(bytes, "latin1"));
      const { text } = await readAll(socket);
      expect([name, /^HTTP\/1\.1 40[03] /.test(text) || text === ""]).toEqual([name, true]);
    }
    expect(server.seen.filter((text) => text !== "")).toEqual([]);
  });

  test("chunks that servers read differently: the request never becomes whole", async () => {
    const { connect, server } = await gateToA();
    for (const [name, bytes] of SMUGGLED_CHUNKS) {
      const head = "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n";
      const { text } = await say(await connect(), head + bytes);
      expect([name, text.slice(0, 12)]).toEqual([name, "HTTP/1.1 400"]);
    }
    for (const seen of server.seen) expect(seen).not.toEndWith("0\r\n\r\n");
  });
});

describe("what is inside a connection that is let out", () => {
  test("TLS to another server, or to none that is named, is refused with an alert, and no byte goes on", async () => {
    const { connect, server, records } = await gateToA();
    for (const hello of [clientHello({ sni: "evil.test" }), clientHello(), clientHello({ sni: "a.test." })]) {
      const { text } = await say(await tunnel({ connect }), hello);
      expect(Buffer.from(text, "latin1")).toEqual(Buffer.from([0x15, 3, 3, 0, 2, 2, 49]));
    }
    await until(() => server.seen.length === 3);
    expect(server.seen).toEqual(["", "", ""]);
    expect(records).toMatchObject([{ host: "a.test", code: "sni_mismatch", via: "connect" }]);
  });

  test("a request for another Host is refused", async () => {
    const { connect, server, records } = await gateToA();
    for (const host of ["evil.test", "a.test:81", "a.test.evil.test"]) {
      const { text } = await say(await tunnel({ connect }), `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      expect(text).toContain("X-Coop-Denied: sni_mismatch\r\n");
    }
    expect(server.seen.filter((text) => text !== "")).toEqual([]);
    expect(records[0]).toMatchObject({ code: "sni_mismatch", verdict: "denied" });
  });

  test("methods and paths of a rule hold inside a tunnel too, and nothing but a request passes there", async () => {
    const server = await listening(ANSWER);
    const read = rule("a.test", { methods: ["GET"], paths: ["/v1"] });
    const { connect } = await gateWith({ network: allowlist(read), servers: { "a.test": server.port } });
    const refused = [
      "POST /v1 HTTP/1.1\r\nHost: a.test:443\r\n\r\n",
      "GET /v2 HTTP/1.1\r\nHost: a.test:443\r\n\r\n",
      "RAW\n",
      "\0",
    ];
    for (const bytes of refused) {
      const { text } = await say(await tunnel({ connect }), bytes);
      expect(text === "" || text.includes("not_listed")).toBe(true);
    }
    expect(server.seen.filter((text) => text !== "")).toEqual([]);
    const { text } = await say(await tunnel({ connect }), "GET /v1 HTTP/1.1\r\nHost: a.test:443\r\n\r\n");
    expect(text).toBe(ANSWER);
  });

  test("a second request on the same connection does not go on", async () => {
    const { connect, server } = await gateToA(ANSWER);
    const one = "GET http://a.test/one HTTP/1.1\r\nHost: a.test\r\n\r\n";
    const { text } = await say(await connect(), `${one}${one.replace("/one", "/two")}`);
    expect(text).toBe(ANSWER);
    expect(server.seen).toEqual(["GET /one HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"]);
  });

  test("bytes behind a WebSocket request that the server did not take do not go on", async () => {
    const { connect, server } = await gateToA(ANSWER);
    const upgrade =
      "GET http://a.test/ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    const { text } = await say(await connect(), `${upgrade}GET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n`);
    expect(text).toBe(ANSWER);
    expect(server.seen[0]).not.toContain("hidden");
  });
});

describe("what is let out by the proxy", () => {
  test("TLS from end to end, and the log knows rule, address and bytes", async () => {
    const { cert, key, ca } = TEST_CERTIFICATES;
    const server = tls.createServer({ cert, key }, (socket) => void socket.on("error", () => {}).pipe(socket));
    await new Promise<void>((up) => server.listen(0, "127.0.0.2", up));
    open.push({ close: () => server.close() });
    const network = allowlist(rule("api.a.test"));
    const { connect, records } = await gateWith({ network, servers: { "api.a.test": portOf(server) } });
    const plain = await tunnel({ connect }, CONNECT.replaceAll("a.test", "api.a.test"));
    const secure = tls.connect({ socket: plain, servername: "api.a.test", ca });
    secure.write("over TLS");
    expect((await new Promise<Uint8Array>((got) => secure.once("data", got))).toString()).toBe("over TLS");
    secure.end();
    await until(() => records.length > 0);
    expect(records).toMatchObject([
      {
        via: "connect",
        host: "api.a.test",
        port: 443,
        verdict: "allowed",
        rule: "api.a.test:443",
        address: "127.0.0.2",
        code: null,
        count: 1,
      },
    ]);
    expect(records[0]?.bytes_up).toBeGreaterThan(200);
    expect(records[0]?.bytes_down).toBeGreaterThan(500);
  });

  test("a request in absolute form, written anew; the query stays out of the log", async () => {
    const { connect, server, records } = await gateToA(ANSWER);
    const { text } = await say(
      await connect(),
      "GET http://A.test/x?token=1 HTTP/1.1\r\nHost: a.test\r\nProxy-Connection: keep-alive\r\n\r\n",
    );
    expect(text).toBe(ANSWER);
    expect(server.seen).toEqual(["GET /x?token=1 HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"]);
    await until(() => records.length > 0);
    expect(records).toMatchObject([
      { via: "http", method: "GET", path: "/x", verdict: "allowed", rule: "a.test:80", bytes_down: ANSWER.length },
    ]);
  });

  test("bodies of a length and in chunks, whole, also when the client waits to be told to go on", async () => {
    const seen: string[] = [];
    const server = http.createServer((request, response) => {
      const parts: Uint8Array[] = [];
      request.on("data", (bytes: Uint8Array) => parts.push(bytes));
      request.on("end", () => {
        seen.push(`${request.method} ${request.headers.host} ${Buffer.concat(parts).toString()}`);
        response.end("done");
      });
    });
    await new Promise<void>((up) => server.listen(0, "127.0.0.2", up));
    open.push({ close: () => server.close() });
    const { connect } = await gateWith({
      network: allowlist(rule("a.test", { ports: [80] })),
      servers: { "a.test": portOf(server) },
    });
    const head = "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\n";
    for (const rest of [
      "Content-Length: 5\r\n\r\nhello",
      "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    ]) {
      expect((await say(await connect(), head + rest)).text).toEndWith("done");
    }
    const patient = await connect();
    patient.write(`${head}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`);
    expect(await readSome(patient, 20)).toStartWith("HTTP/1.1 100 ");
    expect((await say(patient, "hello")).text).toEndWith("done");
    expect(seen).toEqual(Array(3).fill("POST a.test hello"));
  });

  test("a WebSocket, once the server has taken it", async () => {
    const server = await startServer((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        socket.on("data", (bytes: Uint8Array) => socket.write(bytes));
      });
    });
    open.push(server);
    const { connect } = await gateWith({
      network: allowlist(rule("a.test", { ports: [80] })),
      servers: { "a.test": server.port },
    });
    const socket = await connect();
    socket.write(
      "GET http://a.test/ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly",
    );
    expect(await readSome(socket, 82)).toEndWith("\r\n\r\nearly");
    socket.write("later");
    expect(await readSome(socket, 5)).toBe("later");
    socket.destroy();
  });

  test("SOCKS5 by name; BIND, UDP and what policy refuses get their replies", async () => {
    const { connect, records } = await gateToA();
    const ask = async (command: number, name: string) => {
      const socket = await connect();
      socket.write(Buffer.from([5, 1, 0]));
      expect(await readSome(socket, 2)).toBe("\x05\0");
      socket.write(
        Buffer.concat([Buffer.from([5, command, 0, 3, name.length]), Buffer.from(name), Buffer.from([1, 187])]),
      );
      const reply = await readSome(socket, 10);
      return { socket, reply: reply.charCodeAt(1) };
    };
    expect((await ask(1, "evil.test")).reply).toBe(2);
    expect((await ask(2, "a.test")).reply).toBe(7);
    expect((await ask(3, "a.test")).reply).toBe(7);
    const { socket, reply } = await ask(1, "a.test");
    expect(reply).toBe(0);
    socket.destroy();
    await until(() => records.some(({ verdict }) => verdict === "allowed"));
    expect(records.map(({ via, code }) => `${via} ${code}`)).toEqual([
      "socks no_rule",
      "socks request_invalid",
      "socks null",
    ]);
  });

  test("a protocol whose server speaks first, and whose sides end one after the other", async () => {
    const server = await startServer((socket) => {
      socket.write("220 banner\r\n");
      let heard = "";
      socket.on("data", (bytes: Uint8Array) => {
        heard += bytes.toString();
      });
      socket.once("end", () => socket.end(`heard ${heard}`));
    });
    open.push(server);
    const { connect } = await gateWith({ network: allowlist(rule("a.test")), servers: { "a.test": server.port } });
    const socket = await connect();
    socket.write(CONNECT);
    expect(await readSome(socket, ESTABLISHED.length + 12)).toBe(`${ESTABLISHED}220 banner\r\n`);
    const rest = readAll(socket);
    socket.end("QUIT\r\n");
    expect(await rest).toEqual({ text: "heard QUIT\r\n", end: "end" });
  });
});
