import { describe, expect, test } from "bun:test";
import { SMUGGLED } from "../testing/smuggling.ts";
import { parseRequestHead, type RequestHead } from "./request-head.ts";
import { writeRequestHead } from "./write-head.ts";

function parse(text: string, defaultPort?: number) {
  return parseRequestHead(Buffer.from(text, "latin1"), defaultPort);
}

function written(text: string): string {
  const head = parse(text);
  if (head.kind !== "head") throw new Error(JSON.stringify(head));
  return Buffer.from(writeRequestHead(head, head.authority?.host ?? "", head.authority?.port ?? 0)).toString();
}

/** Wrong only because the target says another host. */
const ONLY_ABSOLUTE: ReadonlySet<string> = new Set([
  "a Host that is not the target",
  "a Host with another port than the target",
]);

describe(`${SMUGGLED.length} ways to smuggle a request are refused`, () => {
  test("there are at least a hundred", () => expect(SMUGGLED.length).toBeGreaterThanOrEqual(100));
  for (const [name, bytes] of SMUGGLED) {
    test(name, () => expect(parse(bytes)).toMatchObject({ kind: "fault" }));
    if (!bytes.includes(" http://a.test/") || ONLY_ABSOLUTE.has(name)) continue;
    test(`${name}, to a caught connection`, () => {
      expect(parse(bytes.replace(" http://a.test/", " /"))).toMatchObject({ kind: "fault" });
    });
  }
});

test("a head that has not come whole yet is waited for, byte by byte, and never refused on the way", () => {
  const text = "POST http://a.test:8080/x?y=z HTTP/1.1\r\nHost: a.test:8080\r\nContent-Length: 3\r\n\r\n";
  for (let end = 0; end < text.length; end += 1) expect(parse(text.slice(0, end)).kind).toBe("more");
  expect(parse(`${text}abc`)).toMatchObject({ kind: "head", length: text.length });
});

describe("what is read", () => {
  const cases: readonly (readonly [string, Partial<RequestHead>])[] = [
    [
      "CONNECT A.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n",
      { form: "authority", authority: { host: "a.test", port: 443 }, target: "" },
    ],
    ["CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n", { authority: { host: "a.test", port: 443 } }],
    ["CONNECT a.test:443 HTTP/1.0\r\n\r\n", { authority: { host: "a.test", port: 443 } }],
    [
      "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\nProxy-Connection: Keep-Alive\r\n\r\n",
      { fields: [] },
    ],
    [
      "CONNECT [2606:4700::1]:443 HTTP/1.1\r\nHost: [2606:4700::1]:443\r\n\r\n",
      { authority: { host: "[2606:4700::1]", port: 443 } },
    ],
    ["CONNECT 0x7f.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n", { authority: { host: "127.0.0.1", port: 443 } }],
    ["GET http://a.test HTTP/1.1\r\nHost: a.test\r\n\r\n", { form: "absolute", target: "/", body: { kind: "none" } }],
    ["GET HTTP://a.test:80/ HTTP/1.1\r\nHost: A.TEST.\r\n\r\n", { authority: { host: "a.test", port: 80 } }],
    [
      "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n",
      { form: "origin", authority: { host: "a.test", port: 80 }, target: "/x" },
    ],
    ["GET /x HTTP/1.0\r\n\r\n", { form: "origin", authority: null, version: "1.0" }],
    ["OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n", { target: "*" }],
    ["M-SEARCH /x HTTP/1.1\r\nHost: a.test\r\n\r\n", { method: "M-SEARCH" }],
    ["POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: Chunked\r\n\r\n", { body: { kind: "chunked" } }],
    ["POST /x HTTP/1.1\r\nHost: a.test\r\ncontent-length:\t7 \r\n\r\n", { body: { kind: "length", bytes: 7 } }],
    [
      "GET /x HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\r\n",
      { isWebSocket: true },
    ],
  ];
  for (const [text, wanted] of cases) test(JSON.stringify(text), () => expect(parse(text)).toMatchObject(wanted));

  test("a Host without a port means the port at which the request was caught", () => {
    expect(parse("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", 8080)).toMatchObject({
      authority: { host: "a.test", port: 8080 },
    });
  });
});

describe("what goes on to the server", () => {
  test("is written anew, one request for one connection", () => {
    const text = [
      "POST http://A.test:8080/x?y HTTP/1.1",
      "host:a.test:8080",
      "Accept:  */*  ",
      "Proxy-Authorization: Basic eA==",
      "Proxy-Connection: keep-alive",
      "Keep-Alive: 5",
      "TE: trailers",
      "Cookie: a",
      "Cookie: b",
      "Content-Length: 3",
    ].join("\r\n");
    expect(written(`${text}\r\n\r\n`)).toBe(
      "POST /x?y HTTP/1.1\r\nHost: a.test:8080\r\nAccept: */*\r\nCookie: a\r\nCookie: b\r\nContent-Length: 3\r\nConnection: close\r\n\r\n",
    );
  });

  test("keeps an old client's version, so that no chunks come back to it", () => {
    expect(written("GET http://a.test/ HTTP/1.0\r\n\r\n")).toStartWith("GET / HTTP/1.0\r\nHost: a.test\r\n");
  });

  test("asks for WebSocket and nothing else", () => {
    const text =
      "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n";
    expect(written(text)).toBe(
      "GET / HTTP/1.1\r\nHost: a.test\r\nSec-WebSocket-Key: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
  });
});
