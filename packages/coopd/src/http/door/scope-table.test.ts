import { afterAll, beforeAll, expect, test } from "bun:test";
import { covers, isScope, SCOPES } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest } from "../../testing/daemon-under-test.ts";
import { type ApiDocument, bodyOf, type DocumentedRoute, fillPath, routesOf } from "../../testing/from-document.ts";
import { OPERATIONS } from "../operations.ts";

// Every route × {no token, a wrong one, read, operate, admin}, from the daemon's own document (issue 8, shown by 2).
let daemon: DaemonUnderTest;
let document: ApiDocument;
const secrets: Record<string, string | undefined> = { none: undefined, wrong: "coopt_nobody-has-this-one-at-all" };
beforeAll(async () => {
  // Wrong tokens are counted; here they are the point.
  daemon = await openDaemonUnderTest({ COOP_AUTH: "token", COOP_LOGIN_MAX_ATTEMPTS: "1000000" });
  document = (await daemon.call("GET", "/openapi.json")).json as ApiDocument;
  for (const scope of SCOPES) {
    secrets[scope] = ((await daemon.call("POST", "/tokens", { name: scope, scope })).json as { token: string }).token;
  }
});
afterAll(() => daemon.close());

async function ask(route: DocumentedRoute, secret: string | undefined): Promise<{ status: number; code: string }> {
  const { schemas } = document.components;
  const body = bodyOf(route, schemas);
  const answer = await fetch(daemon.base + fillPath(route, schemas), {
    method: route.method,
    redirect: "manual",
    headers: {
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      ...(body === undefined ? {} : { "content-type": body.type }),
    },
    ...(body === undefined ? {} : { body: body.text }),
  });
  const text = await answer.text();
  return { status: answer.status, code: text.startsWith("{") ? (JSON.parse(text).code ?? "") : "" };
}

function expected(route: DocumentedRoute, who: string): string {
  if (route.scope === "open") return "let in";
  if (!isScope(who)) return "401 unauthorized";
  if (!isScope(route.scope)) throw new Error(`${route.id} has the scope ${route.scope}`);
  return covers(who, route.scope) ? "let in" : "403 scope_missing";
}

const verdict = ({ status, code }: { status: number; code: string }) =>
  (status === 401 && code === "unauthorized") || code === "scope_missing" ? `${status} ${code}` : "let in";

test("every route lets in exactly whom it says, and none is left out", async () => {
  const routes = routesOf(document);
  const found: string[] = [];
  const wanted: string[] = [];
  for (const route of routes) {
    for (const who of ["none", "wrong", ...SCOPES]) {
      // A login with a wrong token is let in to the login, and then told so.
      if (route.id === "post_auth_login") continue;
      const answer = await ask(route, secrets[who]);
      found.push(`${route.method} ${route.path} ${who}: ${verdict(answer)}`);
      wanted.push(`${route.method} ${route.path} ${who}: ${expected(route, who)}`);
    }
  }
  expect(found).toEqual(wanted);
  expect(routes.length).toBe(OPERATIONS.length);
  expect(found.length).toBe((routes.length - 1) * 5);
}, 60_000); // some hundred requests; a hang is what is looked for, not a pace

test("a login asks for no token, and takes the ones that are right", async () => {
  for (const [who, status] of [
    ["wrong", 401],
    ["read", 200],
    ["operate", 200],
    ["admin", 200],
  ] as const) {
    const answer = await fetch(`${daemon.base}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: secrets[who] }),
    });
    expect([who, answer.status, answer.headers.has("set-cookie")]).toEqual([who, status, status === 200]);
  }
});

test("pages, and paths that nothing lives at, tell strangers nothing", async () => {
  for (const [path, who, status] of [
    ["/", "none", 401],
    ["/farm", "wrong", 401],
    ["/hens/local.coop/aria", "none", 401],
    ["/hens/local.coop/aria", "read", 200],
    ["/", "read", 200],
    ["/nothing", "none", 401],
    ["/api/v1/nothing", "wrong", 401],
    ["/api/v1/nothing", "read", 404],
    ["/api/v1/hens/local.coop/aria", "none", 401],
    ["/login", "none", 200],
    ["/assets/plain.css", "none", 404],
    ["/favicon.ico", "none", 404],
  ] as const) {
    const secret = secrets[who];
    const headers: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    expect([path, who, (await fetch(daemon.base + path, { headers, redirect: "manual" })).status]).toEqual([
      path,
      who,
      status,
    ]);
  }
});

test("an upgrade is held to the same: no token, no socket", async () => {
  for (const who of ["none", "wrong"]) {
    const secret = secrets[who];
    const headers = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch`, { headers } as never);
    const opened = await new Promise((resolve) => {
      socket.onopen = () => resolve("opened");
      socket.onerror = () => resolve("refused");
    });
    expect([who, opened]).toEqual([who, "refused"]);
  }
});
