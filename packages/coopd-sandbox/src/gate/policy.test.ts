import { describe, expect, test } from "bun:test";
import type { Socket } from "node:net";
import { clientHello } from "./testing/hellos.ts";
import {
  allowlist,
  closedAfterEach,
  connectTo,
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

const A = allowlist(rule("a.test", { ports: [80, 443] }));
const CONNECT = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n";

/** A gate and a server behind a.test that gives back what it gets. */
async function gateToEcho(parts: TestGateParts = {}): Promise<TestGate & { readonly sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = await startServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).once("end", () => socket.end());
    socket.on("data", (bytes: Uint8Array) => socket.write(bytes));
  });
  open.push(server);
  const gate = await startGate({ network: A, servers: { "a.test": server.port }, ...parts });
  open.push(gate);
  return { ...gate, sockets };
}

async function tunnel(gate: TestGate): Promise<Socket> {
  const socket = await gate.connect();
  socket.write(CONNECT);
  expect(await readSome(socket, 39)).toStartWith("HTTP/1.1 200 ");
  return socket;
}

async function answerOf(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return (await readAll(socket)).text.slice(0, 12);
}

describe("a change of policy", () => {
  test("cuts what it would not let out, on both sides, at once", async () => {
    const gate = await gateToEcho();
    const socket = await tunnel(gate);
    await until(() => gate.sockets.size === 1);
    gate.seat.setNetwork(allowlist(rule("b.test")));
    expect(await readAll(socket)).toEqual({ text: "", end: "reset" });
    await until(() => gate.sockets.size === 0);
    expect(await answerOf(await gate.connect(), CONNECT)).toBe("HTTP/1.1 403");
  });

  test("keeps what it still lets out", async () => {
    const gate = await gateToEcho();
    const socket = await tunnel(gate);
    gate.seat.setNetwork(allowlist(rule("b.test"), rule("a.test")));
    socket.write("\0still here");
    expect(await readSome(socket, 11)).toBe("\0still here");
    socket.destroy();
  });

  test("cuts a private connection that the new rules open as a public one only", async () => {
    const gate = await gateToEcho({ network: allowlist(rule("a.test", { private: true })) });
    const socket = await tunnel(gate);
    gate.seat.setNetwork(A);
    expect((await readAll(socket)).end).toBe("reset");
  });

  test("decides again what was on its way", async () => {
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const gate = await gateToEcho({ before: () => hold });
    const socket = await gate.connect();
    const answer = readAll(socket);
    socket.write(CONNECT);
    await Bun.sleep(5); // it is decided and on its way
    gate.seat.setNetwork(allowlist());
    release();
    expect((await answer).text).toContain("coop gate: no_rule");
    expect(gate.records).toMatchObject([{ verdict: "denied", code: "no_rule" }]);
    await until(() => gate.sockets.size === 0);
  });

  test("with new listeners closes the old ones, and what came by them", async () => {
    const gate = await gateToEcho({ transparent: [443] });
    const kept = await tunnel(gate);
    const next = await gate.listeners([443]);
    gate.seat.setNetwork(A, next);
    expect((await readAll(kept)).end).toBe("reset");
    await expect(connectTo(gate.proxyPort)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    const socket = await connectTo(portOf(next.proxy));
    expect(await answerOf(socket, "CONNECT b.test:443 HTTP/1.1\r\nHost: b.test:443\r\n\r\n")).toBe("HTTP/1.1 403");
  });

  test("reaches the connections of the hen's tools", async () => {
    const gate = await gateToEcho();
    const { socket } = await gate.gate.door.connect(
      { henId: HEN, network: A, host: "a.test", port: 443, via: "http_tool" },
      new AbortController().signal,
    );
    socket.on("error", () => {});
    const closed = new Promise((done) => socket.once("close", done));
    gate.gate.setNetwork(HEN, { policy: "off", allow: [] });
    await closed;
  });
});

describe("quotas", () => {
  test("the connection beyond the last is told so; one that ends makes room", async () => {
    const gate = await gateToEcho({ limits: { connectionsMax: 3 } });
    const sockets = [await tunnel(gate), await tunnel(gate), await tunnel(gate)];
    const { text } = await new Promise<{ text: string }>((done) => {
      void gate.connect().then((socket) => {
        socket.write(CONNECT);
        done(readAll(socket));
      });
    });
    expect(text).toStartWith("HTTP/1.1 503 Service Unavailable (coop gate: quota)\r\n");
    expect(text).toContain("Retry-After: 1\r\n");
    expect(gate.records).toMatchObject([{ code: "quota", verdict: "denied", host: "a.test" }]);
    sockets[0]?.destroy();
    await until(() => gate.sockets.size === 2);
    sockets.push(await tunnel(gate));
    for (const socket of sockets) socket.destroy();
  });

  test("far more than that are reset unheard", async () => {
    const gate = await gateToEcho({ limits: { connectionsMax: 1, refusedMax: 1 } });
    const silent = [await gate.connect(), await gate.connect()];
    await Bun.sleep(5); // both are accepted
    expect(await readAll(await gate.connect())).toEqual({ text: "", end: "reset" });
    expect(gate.records).toMatchObject([{ code: "quota", host: "-" }]);
    for (const socket of silent) socket.destroy();
  });

  test("too many new ones a second are refused, until time has passed", async () => {
    const gate = await gateToEcho({ limits: { newBurst: 2, newPerSecond: 1 } });
    const codes: string[] = [];
    for (let round = 0; round < 3; round += 1)
      codes.push(await answerOf(await gate.connect(), "GET http://b.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n"));
    expect(codes).toEqual(["HTTP/1.1 403", "HTTP/1.1 403", "HTTP/1.1 503"]);
    gate.clock.now += 1_000;
    (await tunnel(gate)).destroy();
  });

  test("tools count with the rest of their hen", async () => {
    const gate = await gateToEcho({ limits: { connectionsMax: 1 } });
    const socket = await tunnel(gate);
    const work = gate.gate.door.connect(
      { henId: HEN, network: A, host: "a.test", port: 443, via: "http_tool" },
      new AbortController().signal,
    );
    await expect(work).rejects.toMatchObject({ code: "policy_denied", details: { code: "quota" } });
    socket.destroy();
  });
});

describe("time", () => {
  test("a head that does not come is not waited for", async () => {
    const gate = await gateToEcho({ limits: { headMs: 1_000 } });
    const [silent, slow] = [await gate.connect(), await gate.connect()];
    slow.write("CONNECT a.te");
    await Bun.sleep(5);
    gate.clock.now += 1_001;
    expect(await Promise.all([readAll(silent), readAll(slow)])).toEqual([
      { text: "", end: "reset" },
      { text: "", end: "reset" },
    ]);
  });

  test("an idle connection is cut, one that moves is not", async () => {
    const gate = await gateToEcho({ limits: { idleMs: 1_000 } });
    const [idle, busy] = [await tunnel(gate), await tunnel(gate)];
    gate.clock.now += 900;
    busy.write("\0x");
    await readSome(busy, 2);
    gate.clock.now += 900;
    expect((await readAll(idle)).end).toBe("reset");
    busy.write("\0y");
    expect(await readSome(busy, 2)).toBe("\0y");
    busy.destroy();
  });

  test("a client that does not read its refusal and does not close is let go", async () => {
    const gate = await gateToEcho({ limits: { lingerMs: 1_000 } });
    const socket = await gate.connect();
    socket.write("GET http://b.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n");
    await until(() => gate.records.length === 1);
    await Bun.sleep(5);
    gate.clock.now += 1_001;
    const closed = new Promise((done) => socket.once("close", done));
    socket.resume();
    await closed;
  });

  test("a hen that comes in one byte at a time is refused in the end", async () => {
    const gate = await gateToEcho();
    const socket = await gate.connect();
    const answer = readAll(socket);
    socket.write("GET http://a.test/");
    for (let round = 0; round < 1_500 && !socket.destroyed; round += 1) {
      socket.write("x");
      await Bun.sleep(0);
    }
    expect((await answer).text).toContain("X-Coop-Denied: request_invalid");
  });
});

test("a seat that is closed lets nothing be, and the gate neither", async () => {
  const gate = await gateToEcho({ transparent: [443] });
  const socket = await tunnel(gate);
  gate.seat.close();
  expect((await readAll(socket)).end).toBe("reset");
  await expect(connectTo(gate.proxyPort)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await until(() => gate.sockets.size === 0);
  gate.seat.close();
});

test("a second seat of a hen closes the first", async () => {
  const gate = await gateToEcho();
  const next = await gate.listeners([]);
  gate.gate.seat({ henId: HEN, network: A, listeners: next });
  await expect(connectTo(gate.proxyPort)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  const socket = await connectTo(portOf(next.proxy));
  socket.write(CONNECT);
  expect(await readSome(socket, 39)).toStartWith("HTTP/1.1 200 ");
  socket.write(clientHello({ sni: "evil.test" }));
  expect((await readAll(socket)).text).toStartWith("\x15");
});

test("when the gate has closed every connection is told of, and nothing leaves any more", async () => {
  const gate = await gateToEcho();
  const socket = await tunnel(gate);
  await gate.gate.close();
  expect(gate.records).toMatchObject([{ verdict: "allowed", host: "a.test", count: 1 }]);
  expect((await readAll(socket)).end).toBe("reset");
  const work = gate.gate.door.connect(
    { henId: HEN, network: A, host: "a.test", port: 443, via: "http_tool" },
    new AbortController().signal,
  );
  await expect(work).rejects.toMatchObject({ code: "shutting_down" });
});
