import { expect, test } from "bun:test";
import { classifyStart } from "./first-bytes.ts";

const of = (text: string) => classifyStart(Buffer.from(text, "latin1"));

test("whatever some server could take for a request is http, so that the strict parser judges it", () => {
  for (const text of [
    "GET / HTTP/1.1\r\n",
    "get / http/1.1\n",
    "\r\n\r\nGET / HTTP/1.1\r\n",
    " GET / HTTP/1.1\r\n",
    "\tGET\t/\tHTTP/1.1\r\n",
    "GET  /  HTTP/1.1 junk\r\n",
    "PRI * HTTP/2.0\r\n",
    "x\xe9 / HTTP/1.0\n",
    `GET /${"a".repeat(9000)}`,
    "\n".repeat(9000),
  ]) {
    expect([text.slice(0, 20), of(text)]).toEqual([text.slice(0, 20), "http"]);
  }
});

test("what no server takes for a request is raw, as soon as that can be told", () => {
  for (const text of [
    "SSH-2.0-OpenSSH_9.2\r\n",
    "EHLO a.test\r\n",
    "\0\x01",
    "*1\r\n$4\r\nPING\r\n",
    "AMQP\0\0\x09\x01",
    '{"a":1}',
    "\x80\x2e",
  ]) {
    expect([text, of(text)]).toEqual([text, "raw"]);
  }
});

test("TLS is known by its first byte", () => expect(of("\x16")).toBe("tls"));

test("what can still be either is waited for", () => {
  for (const text of ["", "G", "GET / HTTP/1.1", "\r\n", "SSH-2.0"]) expect([text, of(text)]).toEqual([text, "more"]);
});
