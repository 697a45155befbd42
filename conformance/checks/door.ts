import type { Check } from "../check.ts";
import { Broken, matches, oneOf, same } from "../claims.ts";
import type { Door } from "../door.ts";

const LIVE = "/api/v1/healthz";
const FARM = "/api/v1/farm";

/** Who is let in. */
export const DOOR_CHECKS: readonly Check[] = [
  {
    id: "door-host",
    section: "http-api §2.1",
    title: "a Host that is not this machine is 403; the probes answer whatever it is",
    run: async ({ raw, base }) => {
      const { port } = new URL(base);
      for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1.evil.example", "10.0.0.1"]) {
        same(`Host: ${host}`, (await raw("GET", FARM, { host })).status, 403);
      }
      for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, "localhost"]) {
        same(`Host: ${host}`, (await raw("GET", FARM, { host })).status, 200);
      }
      same("healthz with a foreign Host", (await raw("GET", LIVE, { host: "evil.example" })).status, 200);
    },
  },
  {
    id: "door-origin",
    section: "http-api §2.1",
    title: "a foreign Origin is 403, its own is let in",
    run: async ({ raw, base }) => {
      for (const origin of [
        "http://evil.example",
        "https://evil.example",
        "http://localhost.evil.example",
        "file://",
      ]) {
        same(`Origin: ${origin}`, (await raw("GET", FARM, { origin })).status, 403);
      }
      same("its own Origin", (await raw("GET", FARM, { origin: base })).status, 200);
    },
  },
  {
    id: "door-socket-origin",
    section: "http-api §2",
    title: "the guards hold before a WebSocket is opened",
    run: async ({ raw }) => {
      const headers = {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
      };
      same(
        "/watch from elsewhere",
        (await raw("GET", "/api/v1/watch", { ...headers, origin: "http://evil.example" })).status,
        403,
      );
    },
  },
  {
    id: "door-handshake",
    section: "http-api §5",
    title: "/watch without an upgrade is 400 or 426",
    run: async ({ raw }) => {
      oneOf("a plain GET", (await raw("GET", "/api/v1/watch", {})).status, [400, 426]);
    },
  },
  {
    id: "door-token",
    section: "http-api §2.2",
    title: "where a token is asked for, nothing but the open paths answers without; else auth is off and says so",
    run: (door) => (door.token === undefined ? withoutToken(door) : withToken(door, door.token)),
  },
];

async function withoutToken({ get, post }: Door): Promise<void> {
  const status = (await get("/auth/status")).json;
  if (status.enabled !== false) throw new Broken("the daemon asks for a token: give it with --token");
  same("auth/status", status, { enabled: false, authenticated: true });
  const login = await post("/auth/login", { token: "anything" });
  same("a login", [login.status, login.json], [200, { auth: "disabled", ok: true }]);
}

async function withToken({ send, post }: Door, token: string): Promise<void> {
  const refused = await send("GET", FARM, { isAnonymous: true });
  same("no token", [refused.status, refused.json.error], [401, "unauthorized"]);
  same("WWW-Authenticate", refused.headers.get("www-authenticate"), 'Bearer realm="coopd"');
  same(
    "a wrong one",
    (await send("GET", FARM, { isAnonymous: true, headers: { authorization: "Bearer nope" } })).status,
    401,
  );
  same("an unknown path without one", (await send("GET", "/api/v1/nothing", { isAnonymous: true })).status, 401);
  same(
    "in the query",
    (await send("GET", `${FARM}?token=${encodeURIComponent(token)}`, { isAnonymous: true })).status,
    200,
  );
  const page = await send("GET", "/", { isAnonymous: true, headers: { accept: "text/html" } });
  same("a page without one", [page.status, page.headers.get("location")?.split("?")[0]], [303, "/login"]);
  same("/login", (await send("GET", "/login", { isAnonymous: true })).status, 200);
  for (const path of ["/api/v1/healthz", "/api/v1/readyz", "/api/v1/auth/status"]) {
    same(path, (await send("GET", path, { isAnonymous: true })).status, 200);
  }
  const login = await post("/auth/login", { token });
  same("a login", [login.status, login.json.ok], [200, true]);
  const cookie = login.headers.get("set-cookie") ?? "";
  matches("its cookie", cookie, /^coop_token=[^;]+;.*HttpOnly/i);
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  same("the cookie", (await send("GET", FARM, { isAnonymous: true, headers })).status, 200);
  same("a logout", (await send("POST", "/api/v1/auth/logout", { isAnonymous: true, headers })).json.ok, true);
}
