import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { brotliCompressSync, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { callHttp, type HttpWishes, refusedHttp } from "../testing/http-call.ts";
import { createTestDoor, type TestDoor } from "../testing/test-door.ts";
import { openRawServer, openWebServer, type WebServer } from "../testing/web-servers.ts";

const MIB = 1_048_576;

let one: WebServer;
let answerOne: Parameters<typeof openWebServer>[0] = (response) => response.end("one");
let door: TestDoor;
beforeAll(async () => {
  one = await openWebServer((response, request) => answerOne(response, request));
  door = createTestDoor({ "a.test": one.port });
});
afterAll(() => one.close());
afterEach(() => {
  answerOne = (response) => response.end("one");
});

const call = (input: unknown, wishes: HttpWishes = {}) => callHttp(door, input, wishes);
const refused = (input: unknown, wishes: HttpWishes = {}) => refusedHttp(door, input, wishes);

describe("a hostile server", () => {
  /** What a call to a server that answers with these bytes ends with, and what is left of its connection. */
  async function against(answer: Parameters<typeof openRawServer>[0], wishes: HttpWishes = {}) {
    const server = await openRawServer(answer);
    try {
      const input = { url: "http://a.test/" };
      const said = await callHttp(createTestDoor({ "a.test": server.port }), input, wishes).then(
        (output) => ({ output, error: "" }),
        (error) => ({ output: undefined, error: `${error.code}: ${error.message}` }),
      );
      while (server.openConnections() > 0) await Bun.sleep(1);
      return said;
    } finally {
      await server.close();
    }
  }

  /** Writes for ever, as fast as it is taken. */
  const pourInto = (head: string, piece: Buffer): Parameters<typeof openRawServer>[0] => {
    return (socket) => {
      socket.write(head);
      const pour = () => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on("drain", pour);
      pour();
    };
  };

  test("that answers what two readers take differently, or no HTTP, is refused", async () => {
    for (const answer of [
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc",
      "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
      "SSH-2.0-OpenSSH\r\n\r\n",
      "",
    ]) {
      const { error } = await against((socket) => socket.end(answer));
      expect([answer, error]).toEqual([answer, expect.stringMatching(/^tool_failed: /)]);
    }
  });

  test("that breaks off in the middle of its body is not taken for a whole answer", async () => {
    const { error } = await against((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc"));
    expect(error).toStartWith("tool_failed: no usable answer from a.test");
  });

  test("whose header never ends is cut off", async () => {
    const { error } = await against(pourInto("HTTP/1.1 200 OK\r\n", Buffer.from(`x: ${"y".repeat(1_000)}\r\n`)));
    expect(error).toMatch(/^tool_failed: .*[Hh]eader/);
  });

  test("whose body never ends brings one MiB, and its connection is closed", async () => {
    const { output } = await against(pourInto("HTTP/1.1 200 OK\r\n\r\n", Buffer.alloc(65_536, "a")));
    expect(output).toMatchObject({ status: 200, truncated: true });
    expect(String(output?.body).length).toBe(MIB);
  });

  test("a body of exactly one MiB is whole, one byte more is cut", async () => {
    for (const [size, isCut] of [
      [MIB, false],
      [MIB + 1, true],
    ] as const) {
      answerOne = (response) => response.end("x".repeat(size));
      const output = await call({ url: "http://a.test/" });
      expect([String(output.body).length, output.truncated]).toEqual([MIB, isCut]);
    }
  });

  test("bombs in every encoding bring one MiB, and the memory of none", async () => {
    const zeros = Buffer.alloc(256 * MIB);
    const bombs = [
      ["gzip", gzipSync(zeros, { level: 1 })],
      ["deflate", deflateRawSync(zeros, { level: 1 })],
      ["br", brotliCompressSync(zeros, { params: { 1: 1 } })],
      ["zstd", zstdCompressSync(zeros)],
      ["gzip, gzip", gzipSync(gzipSync(zeros, { level: 1 }))],
    ] as const;
    for (const [encoding, bytes] of bombs) {
      answerOne = (response) => response.setHeader("content-encoding", encoding).end(bytes);
      Bun.gc(true);
      const before = process.memoryUsage().rss;
      const output = await call({ url: "http://a.test/" });
      const grownMib = (process.memoryUsage().rss - before) / MIB;
      expect([encoding, String(output.body).length, output.truncated, grownMib < 64]).toEqual([
        encoding,
        MIB,
        true,
        true,
      ]);
    }
  });

  test("an encoded stream that brings nothing out for ever ends at a limit of its own", async () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
    const { output } = await against(pourInto(head, Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync("")))));
    expect(output).toMatchObject({ body: "", truncated: true });
  });

  test("a zstd frame that asks for a window of gigabytes is refused", async () => {
    // Magic, a frame header without single segment, window descriptor 0xa8: 2^31 bytes (RFC 8878 §3.1.1.1.2).
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00]);
    answerOne = (response) => response.setHeader("content-encoding", "zstd").end(frame);
    expect(await refused({ url: "http://a.test/" })).toMatch(/^tool_failed: the answer's body is not what/);
  });

  test("that drips, or says nothing at all, runs into the one deadline of the call", async () => {
    const silent = () => undefined;
    const dripping: Parameters<typeof openRawServer>[0] = (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 5);
      socket.on("close", () => clearInterval(timer));
    };
    for (const answer of [silent, dripping]) {
      const { error } = await against(answer, { deadlineMs: 60 });
      expect(error).toBe("timeout: GET a.test did not end within 0.06 s");
    }
  });

  test("a handshake that never ends runs into it too", async () => {
    const server = await openRawServer(() => undefined);
    const never = createTestDoor({ "a.test": server.port });
    const said = await refusedHttp(never, { url: "https://a.test/" }, { deadlineMs: 60 });
    expect(said).toStartWith("timeout: ");
    while (server.openConnections() > 0) await Bun.sleep(1);
    await server.close();
  });

  test("cancel ends a call at once and closes its connection", async () => {
    const stop = new AbortController();
    const { error } = await against(() => stop.abort(), { signal: stop.signal });
    expect(error).toBe("cancelled: the request was cancelled");
  });
});
