import { CoopError } from "coopd-core";
import { isPagePath, loadPage, renderDocument, renderKnockPage, renderLoginPage, toReturnPath } from "farm-ui";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Door } from "../../access/door.ts";
import { readBytes } from "../body.ts";
import { readCookie } from "../door/cookie.ts";
import { identify, tooMany } from "../door/enter.ts";
import { peerOf } from "../door/peer.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { isKnown } from "./assets.ts";
import { giveCookie, logIn } from "./auth.ts";

/**
 * A page that tells no referrer at all has the browser send its forms with `Origin: null` (Fetch §3.2), which the door
 * refuses. This tells other origins as little.
 */
const FORM_REFERRER_POLICY = "same-origin";

/** What a browser opens: the farm, whose document is the same at each of its addresses, and the way in, which needs no script. */
export function pageRoutes(door: Door, nowMs: () => number): Hono<RequestEnv> {
  return new Hono<RequestEnv>()
    .get("/login", async (c) => {
      c.header("Referrer-Policy", FORM_REFERRER_POLICY);
      const once = c.req.query("once");
      const page = await loadPage();
      const next = toReturnPath(c.req.query("next"));
      if (once === undefined || c.req.method !== "GET") return c.html(renderLoginPage(page, { next }));
      if (door.keys === undefined) return c.redirect("/", 303);
      const actor = door.links.take(once);
      if (actor === undefined) {
        door.attempts.fail(peerOf(c));
        const problem = "This link was used already, or is too old. coop open makes another.";
        return c.html(renderLoginPage(page, { problem, next }), 401);
      }
      await giveCookie(c, door, actor, nowMs);
      return c.redirect("/", 303);
    })
    .post("/login", async (c) => {
      c.header("Referrer-Policy", FORM_REFERRER_POLICY);
      if (door.keys === undefined) return c.redirect("/", 303);
      const page = await loadPage();
      if (door.attempts.isOver(peerOf(c))) {
        c.header("Retry-After", "60");
        return c.html(renderLoginPage(page, { problem: tooMany().message }), 429);
      }
      const { token, next } = await readForm(c);
      const actor = token === "" ? undefined : await logIn(c, door, token, nowMs);
      if (actor !== undefined) return c.redirect(next, 303);
      return c.html(renderLoginPage(page, { problem: "That is no token of this farm.", next }), 401);
    })
    .get("*", async (c, pass) => {
      if (!isPagePath(c.req.path)) return pass();
      const html = renderDocument(await loadPage());
      const etag = `"${Bun.hash(html).toString(36)}"`;
      c.header("ETag", etag);
      c.header("Cache-Control", "no-cache"); // it names the files of this build, so it is asked for each time
      return isKnown(c.req.header("if-none-match"), etag) ? c.body(null, 304) : c.html(html);
    });
}

/**
 * `?token=` on a page becomes a cookie, and leaves the address, where history, logs and the next page's referrer would have
 * it (weaknesses B6). @throws CoopError `unauthorized`, `too_many_attempts`
 */
export function exchangeToken(door: Door, nowMs: () => number): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    const isPage = isPagePath(c.req.path) && c.req.method === "GET";
    if (!isPage || c.req.queries("token") === undefined) return next();
    const { searchParams } = new URL(c.req.url);
    searchParams.delete("token");
    const rest = searchParams.size === 0 ? "" : `?${searchParams}`;
    const place = c.req.path === "/login" ? "/" : `${c.req.path}${rest}`;
    if (door.keys !== undefined) await giveCookie(c, door, identify(c, door).actor, nowMs);
    return c.redirect(place, 303);
  };
}

/**
 * How a browser is answered that is not let in: by the login page, which leads back, or, when it followed a link on another
 * site and so left its cookie at home, by a page that asks again. Undefined for everything that is no page.
 */
export async function answerBrowser(c: Context<RequestEnv>, error: unknown): Promise<Response | undefined> {
  const wantsPage = (c.req.header("accept") ?? "").includes("text/html");
  if (!(error instanceof CoopError) || error.code !== "unauthorized" || !wantsPage) return undefined;
  const { pathname, search } = new URL(c.req.url);
  const isPage = isPagePath(c.req.path);
  const site = c.req.header("sec-fetch-site");
  const isFollowed = (site === "cross-site" || site === "same-site") && readCookie(c) === undefined;
  if (isFollowed && isPage && c.req.query("token") === undefined) {
    return c.html(renderKnockPage(await loadPage(), `${pathname}${search}`));
  }
  const isDeep = isPage && !["/", "/farm", "/login"].includes(c.req.path) && c.req.query("token") === undefined;
  return c.redirect(isDeep ? `/login?next=${encodeURIComponent(`${pathname}${search}`)}` : "/login", 303);
}

async function readForm(c: Context<RequestEnv>): Promise<{ readonly token: string; readonly next: string }> {
  const type = c.req.header("content-type") ?? "";
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(type);
  const form = new URLSearchParams(isForm ? new TextDecoder().decode(await readBytes(c)) : "");
  return { token: form.get("token")?.trim() ?? "", next: toReturnPath(form.get("next") ?? undefined) };
}
