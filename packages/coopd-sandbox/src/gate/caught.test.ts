import { describe, expect, test } from "bun:test";
import { dnsQuery, readAnswer } from "./testing/dns-query.ts";
import { clientHello } from "./testing/hellos.ts";
import {
  allowlist,
  closedAfterEach,
  connectTo,
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

async function gateWith(parts: TestGateParts): Promise<TestGate> {
  const gate = await startGate(parts);
  open.push(gate);
  return gate;
}

/** A server that tells what it hears. */
async function hearing(banner = ""): Promise<{ readonly port: number; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = await startServer((socket) => {
    if (banner !== "") socket.write(banner);
    socket.on("data", (bytes: Uint8Array) => {
      heard.push(Buffer.from(bytes).toString("latin1"));
      socket.write(`heard ${bytes.length}`);
    });
    socket.once("end", () => socket.end());
  });
  open.push(server);
  return { port: server.port, heard };
}

/** Asks for a name's address and connects to it where it is caught. */
async function reach(gate: TestGate, name: string, port: number) {
  const address = readAnswer(gate.query(dnsQuery(name)))?.address ?? "none";
  return connectTo(gate.caughtAt(port), address);
}

describe("the name server", () => {
  test("says of names that policy does not let out that they do not exist, and tells the log; nothing is asked of anybody", async () => {
    const gate = await gateWith({ network: allowlist(rule("a.test"), rule("*.b.test", { ports: [80] })) });
    const names = [
      "evil.test",
      "b.test",
      "secret.exfiltrated.evil.test",
      "127.0.0.1",
      "a.test.evil.test",
      "xn--a",
      "1.0.1.127.in-addr.arpa",
    ];
    for (const name of names)
      expect([name, readAnswer(gate.query(dnsQuery(name)))]).toEqual([name, { rcode: 3, address: null }]);
    expect(gate.records[0]).toMatchObject({
      via: "dns",
      host: "evil.test",
      port: 0,
      code: "no_rule",
      allow: "evil.test:443",
      verdict: "denied",
    });
    expect(gate.records.map(({ host }) => host)).not.toContain("1.0.1.127.in-addr.arpa");
  });

  test("gives each name that may be let out an address of its own, and keeps to it", async () => {
    const gate = await gateWith({ network: allowlist(rule("a.test"), rule("*.b.test")) });
    const ask = (name: string, type?: number) => readAnswer(gate.query(dnsQuery(name, type)));
    expect(ask("a.test")).toEqual({ rcode: 0, address: "127.1.0.1" });
    expect(ask("x.b.test")).toEqual({ rcode: 0, address: "127.1.0.2" });
    expect(ask("A.TEST")).toEqual({ rcode: 0, address: "127.1.0.1" });
    expect(ask("a.test", 28)).toEqual({ rcode: 0, address: null });
    expect(ask("a.test", 65)).toEqual({ rcode: 0, address: null });
    expect(ask("localhost")).toEqual({ rcode: 0, address: "127.0.0.1" });
  });

  test("serves TCP, several questions after one another", async () => {
    const gate = await gateWith({ network: allowlist(rule("a.test")) });
    const socket = await connectTo(gate.dnsTcpPort);
    const framed = (bytes: Uint8Array) => Buffer.concat([Uint8Array.of(0, bytes.length), bytes]);
    socket.write(Buffer.concat([framed(dnsQuery("a.test")), framed(dnsQuery("evil.test"))]));
    const text = await readSome(socket, 2 + 40 + 2 + 27);
    expect(text.charCodeAt(1)).toBe(40);
    expect(text.charCodeAt(42 + 2 + 3) & 0x0f).toBe(3);
    socket.destroy();
    const rude = await connectTo(gate.dnsTcpPort);
    rude.write(Uint8Array.of(0xff, 0xff, 0));
    expect((await readAll(rude)).text).toBe("");
  });

  test("stops answering a hen that asks too much, and says so once", async () => {
    const gate = await gateWith({
      network: allowlist(rule("a.test")),
      limits: { queriesBurst: 3, queriesPerSecond: 1 },
    });
    const answers = Array.from({ length: 5 }, () => readAnswer(gate.query(dnsQuery("a.test")))?.rcode ?? null);
    expect(answers).toEqual([0, 0, 0, null, null]);
    expect(gate.records).toMatchObject([{ via: "dns", code: "quota" }]);
    gate.clock.now += 1_000;
    expect(readAnswer(gate.query(dnsQuery("a.test")))?.rcode).toBe(0);
  });
});

describe("what is caught and refused", () => {
  test("TLS to an address that stands for one name and names another", async () => {
    const server = await hearing();
    const gate = await gateWith({
      network: allowlist(rule("a.test"), rule("b.test")),
      servers: { "a.test": server.port, "b.test": server.port },
      transparent: [443],
    });
    const socket = await reach(gate, "a.test", 443);
    socket.write(clientHello({ sni: "b.test" }));
    expect(Buffer.from((await readAll(socket)).text, "latin1")).toEqual(Buffer.from([0x15, 3, 3, 0, 2, 2, 49]));
    expect(server.heard).toEqual([]);
    expect(gate.records).toMatchObject([{ via: "tls", host: "a.test", port: 443, code: "sni_mismatch" }]);
  });

  test("a request to an address that stands for one name, for another Host", async () => {
    const server = await hearing();
    const gate = await gateWith({
      network: allowlist(rule("a.test", { ports: [80] })),
      servers: { "a.test": server.port },
      transparent: [80],
    });
    const socket = await reach(gate, "a.test", 80);
    socket.write("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n");
    expect((await readAll(socket)).text).toContain("X-Coop-Denied: sni_mismatch");
    expect(server.heard).toEqual([]);
  });

  test("what comes to an address that stands for nothing, unless it names a host that is let out", async () => {
    const server = await hearing();
    const gate = await gateWith({
      network: allowlist(rule("a.test", { ports: [80, 443] })),
      servers: { "a.test": server.port },
      transparent: [80, 443],
    });
    const say = async (port: number, bytes: string | Uint8Array) => {
      const socket = await connectTo(gate.caughtAt(port), "127.1.9.9");
      socket.end(bytes);
      return (await readAll(socket)).text;
    };
    expect(await say(443, "raw bytes\n")).toBe("");
    expect(await say(443, clientHello())).toStartWith("\x15");
    expect(await say(443, clientHello({ sni: "evil.test" }))).toStartWith("\x15");
    expect(await say(80, "GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n")).toContain("X-Coop-Denied: no_rule");
    expect(server.heard).toEqual([]);
    expect(await say(443, clientHello({ sni: "a.test" }))).toStartWith("heard ");
    expect(gate.records.map(({ via, host, code }) => `${via} ${host} ${code}`)).toEqual([
      "tcp - host_invalid",
      "tls - host_invalid",
      "tls evil.test no_rule",
      "http evil.test no_rule",
      "tls a.test null",
    ]);
  });

  test("a port of this machine that no private rule names", async () => {
    const server = await hearing();
    const gate = await gateWith({
      network: allowlist(rule("localhost", { ports: [5432] })),
      servers: { localhost: server.port },
      transparent: [5432],
    });
    const socket = await connectTo(gate.caughtAt(5432), "127.0.0.1");
    socket.write("hello\n");
    expect(await readAll(socket)).toEqual({ text: "", end: "reset" });
    expect(server.heard).toEqual([]);
  });
});

describe("what is caught and let out", () => {
  test("TLS by its name, as it is", async () => {
    const server = await hearing();
    const gate = await gateWith({
      network: allowlist(rule("a.test")),
      servers: { "a.test": server.port },
      transparent: [443],
    });
    const socket = await reach(gate, "a.test", 443);
    const hello = clientHello({ sni: "A.test" });
    socket.write(hello);
    expect(await readSome(socket, 8)).toBe(`heard ${hello.length}`);
    socket.destroy();
    await until(() => gate.records.length > 0);
    expect(gate.records).toMatchObject([
      { via: "tls", host: "a.test", port: 443, verdict: "allowed", bytes_up: hello.length },
    ]);
  });

  test("requests, methods and paths held", async () => {
    const server = await hearing();
    const read = rule("a.test", { ports: [80], methods: ["GET"], paths: ["/v1"] });
    const gate = await gateWith({ network: allowlist(read), servers: { "a.test": server.port }, transparent: [80] });
    const refused = await reach(gate, "a.test", 80);
    refused.write("GET /v2 HTTP/1.1\r\nHost: a.test\r\n\r\n");
    expect((await readAll(refused)).text).toContain("X-Coop-Denied: path_not_listed");
    const socket = await reach(gate, "a.test", 80);
    socket.write("GET /v1?x HTTP/1.1\r\nHost: a.test\r\n\r\n");
    expect(await readSome(socket, 7)).toStartWith("heard ");
    expect(server.heard).toEqual(["GET /v1?x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"]);
    socket.destroy();
  });

  test("a protocol of another port whose server speaks first", async () => {
    const server = await hearing("220 hello\r\n");
    const gate = await gateWith({
      network: allowlist(rule("mail.test", { ports: [25] })),
      servers: { "mail.test": server.port },
      transparent: [25],
    });
    const socket = await reach(gate, "mail.test", 25);
    expect(await readSome(socket, 11)).toBe("220 hello\r\n");
    socket.write("EHLO me\r\n");
    expect(await readSome(socket, 7)).toBe("heard 9");
    socket.destroy();
    await until(() => gate.records.length > 0);
    expect(gate.records).toMatchObject([{ via: "tcp", host: "mail.test", port: 25, verdict: "allowed" }]);
  });

  test("the hen's own loopback, where a private rule means this machine's", async () => {
    const server = await hearing("ready");
    const gate = await gateWith({
      network: allowlist(rule("localhost", { ports: [5432], private: true })),
      servers: { localhost: server.port },
      transparent: [5432],
    });
    const socket = await connectTo(gate.caughtAt(5432), "127.0.0.1");
    expect(await readSome(socket, 5)).toBe("ready");
    socket.destroy();
    const http = await connectTo(gate.caughtAt(5432), "127.0.0.1");
    http.write("GET / HTTP/1.1\r\nHost: 127.0.0.1:5432\r\n\r\n");
    expect(await readSome(http, 12)).toContain("heard");
    http.destroy();
  });

  test("a client that looks names up by itself and gives the proxy the address it got", async () => {
    const server = await hearing("hello");
    const gate = await gateWith({ network: allowlist(rule("a.test")), servers: { "a.test": server.port } });
    const { address } = readAnswer(gate.query(dnsQuery("a.test"))) ?? {};
    const socket = await gate.connect();
    socket.write(Buffer.from([5, 1, 0]));
    await readSome(socket, 2);
    socket.write(Buffer.from([5, 1, 0, 1, ...(address ?? "").split(".").map(Number), 1, 187]));
    expect((await readSome(socket, 15)).slice(10)).toBe("hello");
    socket.destroy();
  });
});
