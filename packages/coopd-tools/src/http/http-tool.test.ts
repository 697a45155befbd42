import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { NetworkSpec } from "coopd-core";
import { allowlist, callHttp, type HttpWishes, refusedHttp, ruleFor } from "../testing/http-call.ts";
import { createTestDoor, type TestDoor } from "../testing/test-door.ts";
import { openWebServer, type WebServer } from "../testing/web-servers.ts";
import { createHttpTool } from "./http-tool.ts";

const MIB = 1_048_576;

let one: WebServer;
let two: WebServer;
let answerOne: Parameters<typeof openWebServer>[0] = (response) => response.end("one");
let door: TestDoor;
beforeAll(async () => {
  one = await openWebServer((response, request) => answerOne(response, request));
  two = await openWebServer((response) => response.end("two"));
  door = createTestDoor({ "a.test": one.port, "b.test": two.port });
});
afterAll(() => Promise.all([one.close(), two.close()]));
afterEach(() => {
  answerOne = (response) => response.end("one");
});

const call = (input: unknown, wishes: HttpWishes = {}) => callHttp(door, input, wishes);
const refused = (input: unknown, wishes: HttpWishes = {}) => refusedHttp(door, input, wishes);

describe("what is refused before anything is connected", () => {
  test("input that cannot be a request, with what is wrong with it", async () => {
    const url = "http://a.test/";
    const cases: [unknown, string][] = [
      [{}, "url"],
      [{ url: "" }, "url"],
      [{ url: 5 }, "url"],
      [{ url: "/path" }, "no absolute URL"],
      [{ url: "file:///etc/passwd" }, "http:// or https://"],
      [{ url: "ftp://a.test/" }, "http:// or https://"],
      [{ url: "http://user:key@a.test/" }, "credentials"],
      [{ url: "http://a.test\\@b.test/" }, "backslash"],
      [{ url: "http://a.te\nst/" }, "control character"],
      [{ url: " http://a.test/" }, "space"],
      [{ url: `http://a.test/${"x".repeat(9_000)}` }, "8192"],
      [{ url, method: "CONNECT" }, "CONNECT"],
      [{ url, method: "trace" }, "TRACE"],
      [{ url, method: "GET / HTTP/1.1\r\nX: " }, "method"],
      [{ url, method: "" }, "method"],
      [{ url, headers: { Host: "b.test" } }, "host"],
      [{ url, headers: { "Content-Length": "0" } }, "content-length"],
      [{ url, headers: { "transfer-encoding": "chunked" } }, "transfer-encoding"],
      [{ url, headers: { Connection: "upgrade" } }, "connection"],
      [{ url, headers: { "Proxy-Authorization": "x" } }, "proxy-authorization"],
      [{ url, headers: { "a b": "x" } }, "no header name"],
      [{ url, headers: { "": "x" } }, "no header name"],
      [{ url, headers: { a: "x\r\nb: y" } }, "one line"],
      [{ url, headers: { a: "\u0100" } }, "one line"],
      [{ url, headers: { a: "x", A: "y" } }, "twice"],
      [{ url, headers: { a: 1 } }, "headers.a"],
      [{ url, headers: { a: "x".repeat(17_000) } }, "16384"],
      [{ url, headers: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`h${n}`, "x"])) }, "64"],
      [{ url, body: { a: 1 } }, "body"],
      [{ url, body: "x".repeat(9 * MIB) }, "8388608"],
      ["http://a.test/", "object"],
    ];
    const before = door.asked.length;
    for (const [input, text] of cases) {
      const said = await refused(input);
      expect(said).toStartWith("tool_input_invalid: ");
      expect(said).toContain(text);
    }
    expect(door.asked.length).toBe(before);
  });

  test("what the policy of this moment does not let out, with rule, code and reason", async () => {
    const before = one.seen.length + two.seen.length;
    const network = allowlist(ruleFor("a.test", { ports: [443], methods: ["GET"], paths: ["/v1/"] }));
    const cases: [unknown, NetworkSpec, RegExp][] = [
      [{ url: "http://a.test/" }, { policy: "off", allow: [] }, /GET a.test:80 was not let out: .*\(policy_off\)/],
      [{ url: "https://b.test/" }, network, /no rule names b.test \(no_rule\)/],
      [{ url: "http://a.test/" }, network, /\(port_not_listed, rule a.test:443\)/],
      [{ url: "https://a.test/v1/", method: "PUT" }, network, /PUT a.test:443 was not let out.*\(method_not_listed/],
      [{ url: "https://a.test/v2/" }, network, /\(path_not_listed/],
      [{ url: "https://a.test/v1/../v2/" }, network, /\(path_not_listed/],
      [{ url: "http://169.254.169.254/latest/" }, { policy: "open", allow: [] }, /\(private_address/],
      [{ url: "http://0x7f000001/" }, { policy: "open", allow: [] }, /127.0.0.1.*\(private_address/],
      [{ url: "http://[::ffff:127.0.0.1]/" }, { policy: "open", allow: [] }, /\(private_address/],
      [{ url: "http://localhost:9700/api/v1/farm" }, { policy: "open", allow: [] }, /\(private_address/],
    ];
    for (const [input, spec, text] of cases) expect(await refused(input, { network: spec })).toMatch(text);
    expect(one.seen.length + two.seen.length).toBe(before);
  });

  test("a policy that changes while the door is passed is asked again, and what was connected is given up", async () => {
    const policies: NetworkSpec[] = [allowlist(ruleFor("a.test")), allowlist(ruleFor("b.test"))];
    const tool = createHttpTool({ door, networkOf: async () => policies.shift() ?? allowlist(ruleFor("b.test")) });
    const before = one.seen.length;
    expect(await refused({ url: "http://a.test/" }, { tool })).toContain("no rule names a.test (no_rule)");
    expect(one.seen.length).toBe(before);
    while (one.openConnections() > 0) await Bun.sleep(1);
  });

  test("a refusal tells the model that only the farmer can change it, and carries the smallest change", async () => {
    const refusal = await call({ url: "https://b.test/" }, { network: allowlist(ruleFor("a.test")) }).catch(
      (error) => error,
    );
    expect(refusal.next).toStartWith("Only the farmer can allow it");
    expect(refusal.details).toEqual({
      code: "no_rule",
      rule: null,
      reason: "no rule names b.test",
      allow: "b.test:443",
    });
  });

  test("a call that is cancelled already", async () => {
    expect(await refused({ url: "http://a.test/" }, { signal: AbortSignal.abort() })).toStartWith("cancelled: ");
  });
});

describe("answers", () => {
  test("are the contract's object: status, headers with several of a name joined, body, truncated", async () => {
    answerOne = (response) =>
      response
        .writeHead(418, [
          ["X-A", "1"],
          ["x-a", "2"],
          ["Content-Type", "text/plain; charset=utf-8"],
        ] as never)
        .end("tea äöü");
    const output = await call({ url: "http://a.test/a%20b?q=1#not-sent", headers: { "X-Mine": "yes" }, unknown: 1 });
    expect(Object.keys(output)).toEqual(["status", "headers", "body", "truncated"]);
    expect(output).toMatchObject({ status: 418, headers: { "x-a": "1, 2" }, body: "tea äöü", truncated: false });
    expect(one.seen.at(-1)).toMatchObject({
      method: "GET",
      url: "/a%20b?q=1",
      headers: { host: "a.test", "x-mine": "yes", "user-agent": "coopd-tools/0.1.0" },
    });
  });

  test("to each method, with its body as UTF-8 and its length", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "delete", "PURGE"]) {
      await call({ url: "http://a.test/", method, body: "é" });
      expect(one.seen.at(-1)).toMatchObject({
        method: method.toUpperCase(),
        body: "é",
        headers: { "content-length": "2" },
      });
    }
    await call({ url: "http://a.test/", method: "POST", body: null });
    expect(one.seen.at(-1)?.headers["content-length"]).toBe("0");
    answerOne = (response) => response.writeHead(200, { "content-length": "300" }).end();
    expect(await call({ url: "http://a.test/", method: "HEAD" })).toMatchObject({
      body: "",
      headers: { "content-length": "300" },
      truncated: false,
    });
  });

  test("in another charset are read as it, in an unknown one as UTF-8, and never fail for a wrong byte", async () => {
    for (const [type, bytes, text] of [
      ["text/html; charset=ISO-8859-1", [0xe9], "é"],
      ['text/plain; charset="shift_jis"', [0x83, 0x65], "テ"],
      ["text/plain; charset=moon", [0xc3, 0xa9], "é"],
      ["application/octet-stream", [0xff, 0x41], "\ufffdA"],
    ] as const) {
      answerOne = (response) => response.setHeader("content-type", type).end(Buffer.from(bytes));
      expect((await call({ url: "http://a.test/" })).body).toBe(text);
    }
  });

  test("in every encoding come out decoded, an empty one too, raw deflate as well", async () => {
    const text = "hello ".repeat(1_000);
    for (const [encoding, bytes] of [
      ["gzip", gzipSync(text)],
      ["x-gzip", gzipSync(text)],
      ["deflate", deflateSync(text)],
      ["deflate", deflateRawSync(text)],
      ["br", brotliCompressSync(text)],
      ["zstd", zstdCompressSync(text)],
      ["identity", Buffer.from(text)],
      ["deflate, gzip", gzipSync(deflateSync(text))],
    ] as const) {
      answerOne = (response) => response.setHeader("content-encoding", encoding).end(bytes);
      expect([encoding, (await call({ url: "http://a.test/" })).body === text]).toEqual([encoding, true]);
      answerOne = (response) => response.setHeader("content-encoding", encoding).end();
      expect((await call({ url: "http://a.test/" })).body).toBe("");
    }
  });

  test("in an encoding that is not known, that lies, or three times over are refused", async () => {
    for (const [encoding, bytes] of [
      ["compress", "x"],
      ["gzip", "no gzip"],
      ["br", "no brotli at all, just text"],
      ["zstd", "no zstd"],
      ["gzip", gzipSync("a whole text").subarray(0, 24)],
      ["br", brotliCompressSync("a whole text").subarray(0, 8)],
      ["gzip, gzip, gzip", "x"],
    ] as const) {
      answerOne = (response) => response.setHeader("content-encoding", encoding).end(bytes);
      expect(await refused({ url: "http://a.test/" })).toMatch(/^tool_failed: the answer's body/);
    }
  });
});
