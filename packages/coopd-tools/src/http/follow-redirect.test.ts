import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { allowlist, callHttp, type HttpWishes, refusedHttp, ruleFor } from "../testing/http-call.ts";
import { createTestDoor, type TestDoor } from "../testing/test-door.ts";
import { openWebServer, type WebServer } from "../testing/web-servers.ts";

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

const SECRETS = { authorization: "Bearer k", cookie: "s=1", "x-api-key": "k", accept: "text/plain" };
const redirect = (status: number, location: string) => {
  answerOne = (response, { url }) =>
    url === "/start" ? response.writeHead(status, { location }).end() : response.end("one again");
};

test("redirects are decided anew, each: to a host that is not listed, to a private address, to no http address", async () => {
  const network = allowlist(ruleFor("a.test"));
  const cases: [string, RegExp][] = [
    ["http://b.test/", /^policy_denied: GET b.test:80 was not let out: no rule names b.test/],
    ["http://169.254.169.254/latest/meta-data/", /^policy_denied: /],
    ["file:///etc/passwd", /^tool_failed: a.test answered with a redirect that cannot be followed/],
    ["http://user:key@a.test/", /^tool_failed: .* must not have credentials/],
    ["javascript:alert(1)", /^tool_failed: /],
  ];
  const before = two.seen.length;
  for (const [location, text] of cases) {
    redirect(302, location);
    expect(await refused({ url: "http://a.test/start" }, { network })).toMatch(text);
  }
  expect(two.seen.length).toBe(before);
});

test("redirects are followed three times, and the fourth is refused", async () => {
  answerOne = (response, { url }) => {
    const left = Number(url.slice(1));
    if (left === 0) response.end("there");
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  };
  expect(await call({ url: "http://a.test/3" })).toMatchObject({ status: 200, body: "there" });
  expect(await refused({ url: "http://a.test/4" })).toStartWith("tool_failed: more than 3 redirects");
});

test("redirects carry credentials to the same origin, and nothing that could be one to another", async () => {
  redirect(302, "/next");
  await call({ url: "http://a.test/start", headers: SECRETS });
  expect(one.seen.at(-1)?.headers).toMatchObject(SECRETS);
  for (const location of ["http://b.test/", "http://b.test:8080/"]) {
    redirect(302, location);
    await call({ url: "http://a.test/start", headers: SECRETS });
    expect(Object.keys(two.seen.at(-1)?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
  }
  redirect(301, "http://a.test:8080/other-port");
  await call({ url: "http://a.test/start", headers: SECRETS });
  expect(one.seen.at(-1)).toMatchObject({ url: "/other-port", headers: { host: "a.test:8080" } });
  expect(one.seen.at(-1)?.headers).not.toHaveProperty("authorization");
});

test("redirects turn into GET without the body as browsers do it: 303 always, 301 and 302 after POST, 307 and 308 never", async () => {
  const sent = { headers: { "content-type": "application/json", "content-language": "en" }, body: "{}" };
  for (const [status, method, becomes] of [
    [303, "POST", "GET"],
    [303, "PUT", "GET"],
    [303, "HEAD", "HEAD"],
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [302, "PUT", "PUT"],
    [307, "POST", "POST"],
    [308, "DELETE", "DELETE"],
  ] as const) {
    redirect(status, "/next");
    await call({ url: "http://a.test/start", method, ...(method === "HEAD" ? {} : sent) });
    const seen = one.seen.at(-1);
    const keepsBody = becomes === method && method !== "HEAD";
    expect([status, method, seen?.method, seen?.body, seen?.headers["content-type"]]).toEqual([
      status,
      method,
      becomes,
      keepsBody ? "{}" : "",
      keepsBody ? "application/json" : undefined,
    ]);
  }
});

test("redirects that would carry a body to another origin are not followed: the model is shown them", async () => {
  const before = two.seen.length;
  redirect(307, "http://b.test/steal");
  expect(await call({ url: "http://a.test/start", method: "POST", body: "token=k" })).toMatchObject({
    status: 307,
    headers: { location: "http://b.test/steal" },
  });
  expect(two.seen.length).toBe(before);
  redirect(303, "http://b.test/after");
  expect(await call({ url: "http://a.test/start", method: "POST", body: "token=k" })).toMatchObject({ body: "two" });
  expect(two.seen.at(-1)).toMatchObject({ method: "GET", body: "" });
});

test("redirects without Location, and other statuses of the family, are answers", async () => {
  for (const status of [300, 302, 304, 305]) {
    answerOne = (response) => response.writeHead(status, status === 302 ? {} : { location: "http://b.test/" }).end();
    expect(await call({ url: "http://a.test/" })).toMatchObject({ status });
  }
});
