import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { type AuditEntry, type AuditHead, followAudit } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
let token: string;
beforeAll(async () => {
  daemon = await openDaemonUnderTest({ COOP_AUTH: "token" });
  token = (await Bun.file(`${daemon.dataDir}/token`).text()).trim();
});
afterAll(() => daemon.close());

const raw = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(daemon.base + path, { redirect: "manual", ...init, headers });
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;
const cookieOf = (answer: Response) => (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
const logIn = (given: string, on = daemon) =>
  fetch(`${on.base}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: given }),
  });

describe("a page of another origin", () => {
  test("reaches nothing, with the farm's cookie or without: script, image, form, frame, socket", async () => {
    const cookie = cookieOf(await logIn(token));
    const port = new URL(daemon.base).port;
    const foreign: readonly Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `http://localhost:${Number(port) - 1}` },
      { origin: `http://127.0.0.1.evil.example:${port}` },
      { origin: "file://" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" },
      { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    ];
    for (const headers of foreign) {
      for (const path of ["/api/v1/farm", "/", "/api/v1/watch", "/login"]) {
        const answer = await raw(path, { ...headers, cookie });
        expect([headers, path, answer.status, await codeOf(answer)] as unknown[]).toEqual([
          headers,
          path,
          403,
          "origin_refused",
        ]);
      }
    }
    const form = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site" };
    const navigated = { ...form, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", cookie };
    expect((await raw("/login", navigated, { method: "POST", body: "token=x" })).status).toBe(403);
    expect((await raw("/api/v1/farm", { ...navigated }, { method: "GET" })).status).toBe(403);
  });

  test("a name that was rebound to this machine is refused, whatever it brings", async () => {
    for (const host of [
      "evil.example",
      "evil.example:9700",
      "127.0.0.1.evil.example",
      "0.0.0.0",
      "[::2]",
      "localhost.",
    ]) {
      const answer = await raw("/api/v1/farm", { host, authorization: `Bearer ${token}` });
      expect([host, answer.status, await codeOf(answer)]).toEqual([host, 403, "host_refused"]);
    }
    expect((await raw("/api/v1/healthz", { host: "evil.example" })).status).toBe(200);
  });

  test("a link to the farm may be followed from elsewhere: the page asks once more, as itself", async () => {
    const followed = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    const knock = await raw("/farm", { ...followed, accept: "text/html" });
    expect([knock.status, (await knock.text()).includes('content="0; url=/farm"')]).toEqual([200, true]);
    const asked = await raw("/farm", { "sec-fetch-site": "same-origin", accept: "text/html" });
    expect([asked.status, asked.headers.get("location")]).toEqual([303, "/login"]);
  });

  test("allowed names are Host and Origin; behind a proxy a token in a header is enough, a cookie is not", async () => {
    await using allowed = await openDaemonUnderTest({ COOP_AUTH: "none", COOP_ALLOWED_HOSTS: "farm.lan,ui.lan:5173" });
    const ask = (headers: Record<string, string>) =>
      fetch(`${allowed.base}/api/v1/farm`, { headers }).then((r) => r.status);
    expect(await ask({ host: "farm.lan" })).toBe(200);
    expect(await ask({ host: "ui.lan" })).toBe(403);
    expect(await ask({ host: "farm.lan", origin: "https://farm.lan" })).toBe(200);
    expect(await ask({ origin: "http://ui.lan:5173" })).toBe(200);
    expect(await ask({ origin: "http://ui.lan" })).toBe(403);
    await using open = await openDaemonUnderTest({ COOP_PUBLIC: "1", COOP_API_TOKEN: "sesame-sesame-sesame" });
    const get = (headers: Record<string, string>) =>
      fetch(`${open.base}/api/v1/farm`, { headers }).then((r) => r.status);
    const bearer = { authorization: "Bearer sesame-sesame-sesame" };
    expect(await get({ host: "farm.example" })).toBe(401);
    expect(await get({ host: "farm.example", ...bearer })).toBe(200);
    expect(await get({ host: "farm.example", origin: "https://evil.example", ...bearer })).toBe(200);
    expect(await get({ host: "farm.example", origin: "null", ...bearer })).toBe(403);
    const cookie = cookieOf(await logIn("sesame-sesame-sesame", open));
    expect(await get({ host: "farm.example", origin: "https://evil.example", cookie })).toBe(403);
    expect(await get({ host: "farm.example", origin: "https://farm.example", cookie })).toBe(200); // a proxy that speaks https
    expect(await get({ host: "farm.example", origin: "https://farm.example:8443", cookie })).toBe(403);
    expect(await get({ host: "farm.example", origin: "http://farm.example", cookie })).toBe(200);
  });
});

describe("tokens and logins", () => {
  test("guesses are counted wherever they are made; what a person chose is then closed, what we made is not", async () => {
    await using chosen = await openDaemonUnderTest({ COOP_API_TOKEN: "hunter2", COOP_LOGIN_MAX_ATTEMPTS: "4" });
    const ask = (init: RequestInit, query = "") =>
      fetch(`${chosen.base}/api/v1/farm${query}`, init).then((r) => r.status);
    const bearer = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });
    const made = (await chosen.call("POST", "/tokens", { name: "ci", scope: "read" })).json as { token: string };
    expect(await ask(bearer("hunter1"))).toBe(401);
    expect(await ask({}, "?token=hunter0")).toBe(401);
    expect(await ask({ headers: { cookie: "coop_token=hunter3" } })).toBe(401);
    expect((await logIn("hunter4", chosen)).status).toBe(401);
    expect(await ask(bearer("hunter5"))).toBe(429);
    expect(await ask(bearer("hunter2"))).toBe(429);
    const login = await logIn("hunter2", chosen);
    expect([login.status, login.headers.get("retry-after"), await codeOf(login)]).toEqual([
      429,
      "60",
      "too_many_attempts",
    ]);
    expect(await ask(bearer(made.token))).toBe(200);
    expect(await ask({})).toBe(401);
  });

  test("a login is a random cookie that no script and no other site gets, and that a logout takes back", async () => {
    const wrong = await logIn("nobody's");
    expect([wrong.status, wrong.headers.get("www-authenticate"), wrong.headers.get("set-cookie")]).toEqual([
      401,
      null,
      null,
    ]);
    const answer = await logIn(token);
    const set = answer.headers.get("set-cookie") ?? "";
    expect(set).toMatch(/^coop_token=coopl_[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(token);
    const cookie = cookieOf(answer);
    expect(await (await raw("/api/v1/auth/status", { cookie })).json()).toEqual({ enabled: true, authenticated: true });
    expect((await raw("/api/v1/farm", { cookie })).status).toBe(200);
    const me = (await (await raw("/api/v1/auth/me", { cookie })).json()) as { id: string };
    expect(me).toMatchObject({ kind: "login", name: "login farm token", scope: "admin", id: expect.any(String) });
    expect((await daemon.call("GET", "/tokens")).json).toContainEqual(
      expect.objectContaining({ id: me.id, kind: "login" }),
    );
    expect((await raw("/api/v1/auth/me")).status).toBe(401);
    const out = await raw("/api/v1/auth/logout", { cookie }, { method: "POST" });
    expect([out.status, out.headers.get("set-cookie")]).toEqual([
      200,
      "coop_token=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict",
    ]);
    expect((await raw("/api/v1/farm", { cookie })).status).toBe(401);
    expect(await (await raw("/api/v1/auth/status", { cookie })).json()).toEqual({
      enabled: true,
      authenticated: false,
    });
    const https = await raw("/api/v1/auth/login", {}, { method: "POST" });
    expect(https.status).toBe(415);
  });

  test("?token= on a page becomes a cookie and leaves the address; a wrong one becomes nothing", async () => {
    const page = { accept: "text/html" };
    const answer = await raw(`/farm?view=hens&token=${token}`, page);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/farm?view=hens"]);
    expect((await raw("/farm", { ...page, cookie: cookieOf(answer) })).status).toBe(200);
    const wrong = await raw("/?token=wrong", page);
    expect([wrong.status, wrong.headers.get("location"), wrong.headers.get("set-cookie")]).toEqual([
      303,
      "/login",
      null,
    ]);
  });

  test("a link opens the farm once; the login page works without script and says what is wrong", async () => {
    const { path } = (await daemon.call("POST", "/auth/links")).json as { path: string };
    expect((await raw(path, {}, { method: "HEAD" })).headers.get("set-cookie")).toBeNull();
    const opened = await raw(path);
    expect([opened.status, opened.headers.get("location")]).toEqual([303, "/"]);
    expect((await raw("/", { cookie: cookieOf(opened) })).status).toBe(200);
    const again = await raw(path);
    expect([again.status, again.headers.get("set-cookie")]).toEqual([401, null]);
    const form = { "content-type": "application/x-www-form-urlencoded", origin: daemon.base };
    const refused = await raw("/login", form, { method: "POST", body: "token=%3Cscript%3E" });
    expect([refused.status, (await refused.text()).includes("no token of this farm")]).toEqual([401, true]);
    const let_in = await raw("/login", form, { method: "POST", body: new URLSearchParams({ token }).toString() });
    expect([let_in.status, let_in.headers.get("location"), cookieOf(let_in).length]).toEqual([303, "/", 60]);
  });

  test("revoking a token closes what it holds open, at once", async () => {
    const { token: secret } = (await daemon.call("POST", "/tokens", { name: "tv", scope: "read" })).json as {
      token: string;
    };
    const headers = { authorization: `Bearer ${secret}` };
    const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch`, { headers } as never);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    const stream = await fetch(`${daemon.base}/api/v1/watch`, { headers: { ...headers, accept: "text/event-stream" } });
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    const ended = stream.text();
    expect((await daemon.call("DELETE", "/tokens/tv")).status).toBe(204);
    expect(await closed).toBe(1008);
    expect(await ended).toContain("retry: 2000");
    expect((await raw("/api/v1/farm", headers)).status).toBe(401);
  });
});

test("no answer lacks the headers that keep a browser in bounds, and no page has anything inline", async () => {
  for (const [path, headers] of [
    ["/", { authorization: `Bearer ${token}` }],
    ["/login", {}],
    ["/api/v1/none", {}],
    ["/api/v1/farm", { host: "evil.example" }],
  ] as const) {
    const answer = await raw(path, headers);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect([path, policy.includes("frame-ancestors 'none'"), policy.includes("unsafe")]).toEqual([path, true, false]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe(path === "/login" ? "same-origin" : "no-referrer");
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const text = (await answer.text()).replace(/<script type="module" src="\/assets\/[^"<>]+"><\/script>/g, "");
    expect([path, /<style|style=|<script|onclick|javascript:/i.test(text)]).toEqual([path, false]);
  }
});

test("the trail says who did what, chained, without a secret; what only read and what was malformed is not in it", async () => {
  const before = (await daemon.call("GET", "/audit/head")).json as AuditHead;
  const hen = await daemon.hatch(promptHen("traced"));
  const job = await daemon.submit(hen, '- text: "a very private prompt"\n');
  await daemon.ended(job);
  await daemon.call("GET", "/hens");
  await daemon.call("POST", "/hens", "nonsense");
  const made = (await daemon.call("POST", "/tokens", { name: "viewer", scope: "read" })).json as { token: string };
  const denied = await raw("/api/v1/farm/stop", { authorization: `Bearer ${made.token}` }, { method: "POST" });
  expect(denied.status).toBe(403);
  await logIn("wrong-and-private");
  await daemon.call("DELETE", "/hens/local.coop%2Ftraced?force=true");
  const head = (await daemon.call("GET", "/audit/head")).json as AuditHead;
  const entries = (await daemon.call("GET", `/audit?after=${before.seq}`)).json as AuditEntry[];
  expect(entries.map(({ actor, action, target, status }) => [actor, action, target, status])).toEqual([
    ["farm token", "POST /api/v1/hens", null, 201],
    ["farm token", "POST /api/v1/hens/{id}/hatch", "local.coop/traced", 200],
    ["farm token", "POST /api/v1/hens/{id}/jobs", "local.coop/traced", 202],
    ["farm token", "POST /api/v1/tokens", null, 201],
    ["token viewer", "POST /api/v1/farm/stop", null, 403],
    ["nobody", "POST /api/v1/auth/login", null, 401],
    ["farm token", "DELETE /api/v1/hens/{id}", "local.coop/traced", 204],
  ]);
  expect(entries[0]?.after).toEqual({ made: "local.coop/traced" });
  expect(entries[1]).toMatchObject({ before: { state: "DEFINED" }, after: { state: "IDLE" }, origin: "127.0.0.1" });
  expect(entries[2]?.after).toEqual({ made: job });
  expect(entries[6]).toMatchObject({ before: { state: "IDLE" }, after: null });
  const text = JSON.stringify(entries);
  for (const secret of [token, made.token, "wrong-and-private", "very private prompt"])
    expect(text).not.toContain(secret);
  const digest = (line: string) => createHash("sha256").update(line).digest("hex");
  expect(followAudit(before, entries, digest)).toEqual({ seq: head.seq, hash: head.hash });
  expect(daemon.logLines.join("")).not.toContain(made.token);
});
