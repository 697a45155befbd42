import { afterAll, beforeAll, expect, test } from "bun:test";
import { allowlist, callHttp, refusedHttp, ruleFor } from "../testing/http-call.ts";
import { createTestDoor } from "../testing/test-door.ts";
import { openWebServer, type WebServer } from "../testing/web-servers.ts";

let plainServer: WebServer;
let secure: WebServer;
beforeAll(async () => {
  plainServer = await openWebServer((response) => response.end("plain"));
  secure = await openWebServer((response) => response.setHeader("x-secure", "yes").end("secure"), true);
});
afterAll(() => Promise.all([plainServer.close(), secure.close()]));

test("a certificate that nobody vouches for, or for another name, is refused before the request is sent", async () => {
  const before = secure.seen.length;
  const elsewhere = createTestDoor({ "a.test": secure.port, "c.test": secure.port, "8.8.8.8": secure.port });
  const asks = { url: "https://c.test/", headers: { authorization: "Bearer k" } };
  expect(await refusedHttp(elsewhere, asks)).toMatch(/^tool_failed: no secure connection to c.test: .*altnames/);
  expect(await refusedHttp(elsewhere, { ...asks, url: "https://8.8.8.8/" })).toContain("8.8.8.8 is not in");
  expect(await refusedHttp(elsewhere, { ...asks, url: "https://a.test/" }, { roots: "" })).toMatch(
    /^tool_failed: no secure connection to a.test/,
  );
  expect(secure.seen.length).toBe(before);
});

test("a server that speaks no TLS is refused, and the request is not sent in the clear", async () => {
  const before = plainServer.seen.length;
  const plain = createTestDoor({ "a.test": plainServer.port });
  expect(await refusedHttp(plain, { url: "https://a.test/" })).toMatch(/^tool_failed: no secure connection/);
  expect(plainServer.seen.length).toBe(before);
});

test("the socket that was decided on is the one that is used: names that exist nowhere are answered", async () => {
  const pinned = createTestDoor({ "a.test": secure.port, "127.0.0.1": secure.port });
  expect(await callHttp(pinned, { url: "https://a.test/" })).toMatchObject({
    body: "secure",
    headers: { "x-secure": "yes" },
  });
  const network = allowlist({ ...ruleFor("127.0.0.1"), private: true });
  expect(await callHttp(pinned, { url: "https://127.0.0.1/" }, { network })).toMatchObject({ body: "secure" });
  expect(pinned.asked.map(({ host, port, via, method, path }) => [host, port, via, method, path])).toEqual([
    ["a.test", 443, "http_tool", "GET", "/"],
    ["127.0.0.1", 443, "http_tool", "GET", "/"],
  ]);
});
