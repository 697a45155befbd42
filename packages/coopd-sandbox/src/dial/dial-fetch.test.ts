import { afterAll, afterEach, describe, expect, test } from "bun:test";
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { judgeAddress } from "coopd-core";
import { TEST_CERTIFICATES } from "../testing/test-certificates.ts";
import { createDial } from "./dial.ts";
import { createDialFetch } from "./dial-fetch.ts";

const { ca, cert, key } = TEST_CERTIFICATES;
const PROXY_NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

let requests = 0;
const ANSWERS: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  "/echo?x=y": (request, response) => {
    const parts: Uint8Array[] = [];
    request.on("data", (bytes) => parts.push(bytes));
    request.on("end", () => {
      const { method, headers } = request;
      response
        .setHeader("set-cookie", ["a=1", "b=2"])
        .end(JSON.stringify({ method, headers, body: Buffer.concat(parts).toString() }));
    });
  },
  "/away": (_, response) => void response.writeHead(307, { location: `http://127.0.0.2:${plainPort}/echo?x=y` }).end(),
  "/gzip": (_, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("packed")),
  "/none": (_, response) => void response.writeHead(204).end(),
  "/slow": (_, response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n"),
  "/cut": (_, response) => {
    response.writeHead(200, { "content-length": "10" }).write("half");
    setImmediate(() => response.destroy());
  },
};
const answer: RequestListener = (request, response) => {
  requests += 1;
  (ANSWERS[request.url ?? ""] ?? ANSWERS["/none"])?.(request, response);
};
const plain = http.createServer(answer);
const secure = https.createServer({ cert, key }, answer);
let proxied = 0;
const proxy = net.createServer((socket) => {
  proxied += 1;
  socket.on("error", () => {}).end("HTTP/1.1 502 No\r\n\r\n");
});
const [plainPort, securePort, proxyPort] = (await Promise.all([plain, secure, proxy].map(listen))) as [
  number,
  number,
  number,
];
afterAll(() => {
  plain.closeAllConnections();
  secure.closeAllConnections();
  for (const server of [plain, secure, proxy]) server.close();
});
afterEach(() => {
  for (const name of PROXY_NAMES) delete process.env[name];
});

function listen(server: net.Server): Promise<number> {
  return new Promise((up) => server.listen(0, "0.0.0.0", () => up((server.address() as AddressInfo).port)));
}

const asked: string[] = [];
const dialled: string[] = [];
const dial = createDial({
  judge: (address) => (/^127\.0\.0\.[2-9]$/.test(address) ? null : judgeAddress(address)),
  isOwnAddress: () => false,
  resolve: async (name) => {
    asked.push(name);
    return name === "evil.a.test" ? ["127.0.0.1"] : name === "localhost" ? ["127.0.0.1"] : ["127.0.0.2"];
  },
});
const fetchOver = createDialFetch({
  ca,
  dial: async (target, signal) => {
    const found = await dial(target, signal);
    dialled.push(`${target.host} ${found.address}`);
    return found;
  },
});

describe("what is refused", () => {
  test("a name that resolves to a private address: nothing is sent", async () => {
    const before = requests;
    await expect(fetchOver(`http://evil.a.test:${plainPort}/none`)).rejects.toMatchObject({ code: "policy_denied" });
    expect(requests).toBe(before);
  });

  test("metadata services, other schemes, credentials", async () => {
    await expect(fetchOver("http://169.254.169.254/latest/")).rejects.toMatchObject({ code: "policy_denied" });
    await expect(fetchOver("http://metadata.google.internal/")).rejects.toThrow();
    await expect(fetchOver("ftp://a.test/")).rejects.toMatchObject({ code: "bad_request" });
    await expect(fetchOver("http://u:p@a.test/")).rejects.toThrow();
  });

  test("a certificate for another name, or of nobody", async () => {
    const before = requests;
    await expect(fetchOver(`https://other.a.test:${securePort}/none`)).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    const trusting = createDialFetch({ dial });
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    await expect(trusting(`https://api.a.test:${securePort}/none`)).rejects.toThrow(/verify|issuer|certificate/);
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    expect(requests).toBe(before);
  });
});

describe("measured under this runtime", () => {
  test("it pins: the name is resolved once, and the socket goes to the judged address", async () => {
    asked.length = 0;
    dialled.length = 0;
    expect((await fetchOver(`https://api.a.test:${securePort}/none`)).status).toBe(204);
    expect([asked, dialled]).toEqual([["api.a.test"], ["api.a.test 127.0.0.2"]]);
  });

  test("redirects are returned, not followed", async () => {
    const before = requests;
    for (const redirect of ["follow", "manual"] as const) {
      const response = await fetchOver(`http://a.test:${plainPort}/away`, { redirect });
      expect([response.status, response.headers.get("location")]).toEqual([
        307,
        `http://127.0.0.2:${plainPort}/echo?x=y`,
      ]);
      await response.arrayBuffer();
    }
    expect(requests).toBe(before + 2);
  });

  test("proxies of the environment are not used; the runtime's own fetch does use them", async () => {
    for (const name of PROXY_NAMES) process.env[name] = `http://127.0.0.1:${proxyPort}`;
    proxied = 0;
    expect((await fetchOver(`http://a.test:${plainPort}/none`)).status).toBe(204);
    expect((await fetchOver(`https://api.a.test:${securePort}/none`)).status).toBe(204);
    expect(proxied).toBe(0);
    await fetch(`http://127.0.0.2:${plainPort}/none`, { proxy: "" } as RequestInit).catch(() => {});
    expect(proxied).toBe(1);
  });
});

describe("what it sends and gives back", () => {
  test("method, headers, body and cookies, the Host of the address", async () => {
    const response = await fetchOver(`https://api.a.test:${securePort}/echo?x=y`, {
      method: "POST",
      headers: { authorization: "Bearer t", "content-type": "application/json" },
      body: '{"a":1}',
    });
    const { method, headers, body } = (await response.json()) as Record<string, Record<string, string>>;
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect([method, body]).toEqual(["POST", '{"a":1}'] as never);
    expect(headers).toMatchObject({
      host: `api.a.test:${securePort}`,
      authorization: "Bearer t",
      "content-length": "7",
      "content-type": "application/json",
    });
  });

  test("an address and localhost, because writing one names it", async () => {
    expect((await fetchOver(`http://127.0.0.1:${plainPort}/none`)).status).toBe(204);
    expect((await fetchOver(`http://localhost:${plainPort}/none`)).status).toBe(204);
    expect((await fetchOver(`https://127.0.0.9:${securePort}/none`)).status).toBe(204);
  });

  test("a packed body as what it was", async () => {
    const response = await fetchOver(`http://a.test:${plainPort}/gzip`);
    expect([await response.text(), response.headers.get("content-encoding")]).toEqual(["packed", null]);
  });

  test("a stream as it comes, until its reader goes away", async () => {
    const leaving = new AbortController();
    const response = await fetchOver(`http://a.test:${plainPort}/slow`, { signal: leaving.signal });
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("data: 1\n\n");
    const next = reader?.read();
    leaving.abort(new Error("enough"));
    await expect(next).rejects.toThrow();
  });

  test("a body that ends early as an error, never as a whole one", async () => {
    const response = await fetchOver(`http://a.test:${plainPort}/cut`);
    await expect(response.text()).rejects.toThrow();
  });

  test("who gives up before the answer gets the reason", async () => {
    const leaving = new AbortController();
    const work = fetchOver(`http://a.test:${plainPort}/none`, { signal: leaving.signal });
    leaving.abort(new Error("changed my mind"));
    await expect(work).rejects.toThrow("changed my mind");
  });
});
