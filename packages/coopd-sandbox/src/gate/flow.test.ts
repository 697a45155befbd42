import { describe, expect, test } from "bun:test";
import type { Socket } from "node:net";
import tls from "node:tls";
import { TEST_CERTIFICATES } from "../testing/test-certificates.ts";
import {
  allowlist,
  closedAfterEach,
  HEN,
  portOf,
  readAll,
  readSome,
  rule,
  startGate,
  startServer,
  type TestGate,
  type TestGateParts,
  until,
} from "./testing/test-gate.ts";

const open = closedAfterEach();

const MIB = 1024 * 1024;
const A = allowlist(rule("a.test"));
const CONNECT = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n";

async function gateTo(serve: (socket: Socket) => void, parts: TestGateParts = {}): Promise<TestGate> {
  const server = await startServer(serve);
  const gate = await startGate({ network: A, servers: { "a.test": server.port }, ...parts });
  open.push(server, gate);
  return gate;
}

async function tunnel(gate: TestGate): Promise<Socket> {
  const socket = await gate.connect();
  socket.write(CONNECT);
  expect(await readSome(socket, 39)).toStartWith("HTTP/1.1 200 ");
  return socket;
}

/** Bytes that differ from place to place, so that one lost or twice shows. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
  return bytes;
}

/** Writes it all, waiting whenever the other side is slow. */
function sendAll(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const more = () => {
    while (at < bytes.length) {
      const piece = bytes.subarray(at, at + 100_003);
      at += piece.length;
      if (!socket.write(piece)) return void socket.once("drain", more);
    }
    socket.end();
  };
  more();
}

async function hashOf(socket: Socket): Promise<{ readonly hash: string; readonly length: number }> {
  const hasher = new Bun.CryptoHasher("sha256");
  let length = 0;
  await new Promise<void>((done) => {
    socket.on("data", (bytes: Uint8Array) => {
      hasher.update(bytes);
      length += bytes.length;
      if (length % 7 === 0) {
        socket.pause();
        setImmediate(() => socket.resume());
      }
    });
    socket.once("end", done).once("close", done);
    socket.resume();
  });
  return { hash: hasher.digest("hex"), length };
}

describe("bytes", () => {
  test("come whole and in order, both ways at once, with readers that stop and go", async () => {
    const up = pattern(24 * MIB);
    const down = pattern(24 * MIB + 3 * 4);
    const { promise: atServer, resolve } = Promise.withResolvers<{ hash: string; length: number }>();
    const gate = await gateTo((socket) => {
      socket.once("data", () => sendAll(socket, down));
      void hashOf(socket).then(resolve);
    });
    const socket = await tunnel(gate);
    sendAll(socket, Buffer.concat([Buffer.from([0]), up]));
    const atHen = await hashOf(socket);
    expect(atHen).toEqual({ hash: Bun.SHA256.hash(down, "hex"), length: down.length });
    expect(await atServer).toEqual({
      hash: Bun.SHA256.hash(Buffer.concat([Buffer.from([0]), up]), "hex"),
      length: up.length + 1,
    });
    await until(() => gate.records.length === 1);
    expect(gate.records).toMatchObject([{ bytes_up: up.length + 1, bytes_down: down.length, count: 1 }]);
  });

  test("of a server that nobody reads stay where they are: the gate takes no more of them", async () => {
    let sent = 0;
    const piece = Buffer.alloc(256 * 1024, 7);
    const gate = await gateTo((socket) => {
      const more = () => {
        while (socket.write(piece)) sent += piece.length;
        sent += piece.length;
      };
      socket.on("drain", more);
      more();
    });
    const socket = await tunnel(gate);
    let last = -1;
    while (last !== sent) {
      last = sent;
      await Bun.sleep(200); // three times as long as a full buffer takes to be seen as one
    }
    expect(sent).toBeLessThan(64 * MIB); // what four kernel buffers hold; a gate that reads on has no such end
    socket.destroy();
  }, 20_000);

  test("of a body wait for a server that does not read", async () => {
    const servers: Socket[] = [];
    const gate = await gateTo((socket) => void servers.push(socket.pause()));
    const socket = await gate.connect();
    const piece = Buffer.alloc(256 * 1024, 7);
    let sent = 0;
    const more = () => {
      while (socket.write(piece)) sent += piece.length;
      sent += piece.length;
    };
    socket.write("POST http://a.test:443/ HTTP/1.1\r\nHost: a.test:443\r\nContent-Length: 999999999999\r\n\r\n");
    socket.on("drain", more);
    more();
    let last = -1;
    while (last !== sent) {
      last = sent;
      await Bun.sleep(200);
    }
    expect(sent).toBeLessThan(64 * MIB);
    socket.destroy();
  }, 20_000);
});

test("what a server still has to say arrives when it closes, and a reset is a reset", async () => {
  const gate = await gateTo((socket) => {
    socket.once("data", (bytes: Uint8Array) =>
      bytes[1] === 1 ? socket.resetAndDestroy() : socket.end(Buffer.alloc(3 * MIB, 65)),
    );
  });
  const polite = await tunnel(gate);
  polite.write(Buffer.from([0, 0]));
  const { text, end } = await readAll(polite);
  expect([text.length, end]).toEqual([3 * MIB, "end"]);
  const rude = await tunnel(gate);
  rude.write(Buffer.from([0, 1]));
  expect((await readAll(rude)).end).toBe("reset");
});

test("a hen that resets does not leave the server waiting", async () => {
  const closed: string[] = [];
  const gate = await gateTo((socket) => void socket.on("data", () => {}).once("close", () => closed.push("closed")));
  const socket = await tunnel(gate);
  socket.resetAndDestroy();
  await until(() => closed.length === 1);
});

test("when hens leave more unread than the gate holds, the connection with most of it is cut, and a quiet one is not", async () => {
  const piece = Buffer.alloc(64 * 1024, 7);
  const gate = await gateTo(
    (socket) => {
      socket.on("data", (bytes: Uint8Array) => {
        if (bytes[1] !== 9) return void socket.write(bytes);
        const more = () => {
          while (socket.write(piece));
        };
        socket.on("drain", more);
        more();
      });
    },
    { limits: { heldBytesMax: 32 * 1024 } },
  );
  const quiet = await tunnel(gate);
  const flooded = await tunnel(gate);
  flooded.pause();
  flooded.write(Buffer.from([0, 9]));
  const closed = new Promise((done) => flooded.once("close", done));
  await until(() => gate.records.length === 1); // it was cut, and is told of
  flooded.resume();
  await closed;
  quiet.write("\0still");
  expect(await readSome(quiet, 6)).toBe("\0still");
  quiet.destroy();
});

describe("the door", () => {
  const request = {
    henId: HEN,
    network: A,
    host: "a.test",
    port: 443,
    via: "http_tool",
    method: "GET",
    path: "/",
  } as const;
  const never = new AbortController().signal;

  test("refuses and records what the policy refuses, and what the policy of the hen's seat does", async () => {
    const gate = await gateTo(() => {});
    const off = { policy: "off", allow: [] } as const;
    await expect(gate.gate.door.connect({ ...request, network: off }, never)).rejects.toMatchObject({
      code: "policy_denied",
      details: { code: "policy_off", rule: null, allow: "a.test:443" },
    });
    await expect(gate.gate.door.connect({ ...request, network: null, host: "b.test" }, never)).rejects.toMatchObject({
      details: { code: "no_rule" },
    });
    await expect(gate.gate.door.connect({ ...request, network: null, host: "exa mple" }, never)).rejects.toMatchObject({
      details: { code: "host_invalid" },
    });
    expect(gate.records).toMatchObject([
      { via: "http_tool", code: "policy_off", method: "GET", path: "/" },
      { code: "no_rule" },
      { code: "host_invalid", host: "exa?mple" },
    ]);
  });

  test("says of a private address which rule had let the name out", async () => {
    const gate = await gateTo(() => {});
    const network = allowlist(rule("inside.test"));
    gate.seat.setNetwork(network);
    await expect(gate.gate.door.connect({ ...request, network, host: "inside.test" }, never)).rejects.toMatchObject({
      details: { code: "private_address", rule: "inside.test:443", allow: "inside.test:443" },
    });
  });

  test("gives a connected socket; bytes are counted beneath TLS", async () => {
    const { cert, key, ca } = TEST_CERTIFICATES;
    const server = tls.createServer({ cert, key }, (socket) => void socket.on("error", () => {}).pipe(socket));
    await new Promise<void>((up) => server.listen(0, "127.0.0.2", up));
    open.push({ close: () => server.close() });
    const network = allowlist(rule("api.a.test"));
    const gate = await startGate({ network, servers: { "api.a.test": portOf(server) } });
    open.push(gate);
    const found = await gate.gate.door.connect({ ...request, network, host: "API.a.test." }, never);
    expect([found.host, found.address, found.rule]).toEqual(["api.a.test", "127.0.0.2", "api.a.test:443"]);
    const secure = tls.connect({ socket: found.socket, servername: found.host, ca });
    found.meter(secure);
    secure.write("through the door");
    expect((await new Promise<Uint8Array>((got) => secure.once("data", got))).toString()).toBe("through the door");
    secure.destroy();
    found.socket.destroy();
    await until(() => gate.records.length === 1);
    expect(gate.records[0]?.bytes_up).toBeGreaterThanOrEqual(16);
    expect(gate.records[0]?.bytes_down).toBeGreaterThan(500);
  });

  test("lets go of who gives up", async () => {
    const gate = await gateTo(() => {}, { before: () => new Promise(() => {}) });
    const leaving = new AbortController();
    leaving.abort();
    await expect(gate.gate.door.connect(request, leaving.signal)).rejects.toThrow();
  });
});
