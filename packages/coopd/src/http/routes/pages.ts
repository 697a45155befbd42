import { CoopError } from "coopd-core";
import { PLAIN_STYLE, PLAIN_STYLE_PATH, renderFarmPage, renderKnockPage, renderLoginPage } from "farm-ui";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Door } from "../../access/door.ts";
import type { Farm } from "../../farm/farm.ts";
import { readBytes } from "../body.ts";
import { readCookie } from "../door/cookie.ts";
import { identify, tooMany } from "../door/enter.ts";
import { PAGES } from "../door/open-paths.ts";
import { peerOf } from "../door/peer.ts";
import type { RequestEnv } from "../door/request-env.ts";
import { giveCookie, logIn } from "./auth.ts";

/**
 * A page that tells no referrer at all has the browser send its forms with `Origin: null` (Fetch §3.2), which the door
 * refuses. This tells other origins as little.
 */
const FORM_REFERRER_POLICY = "same-origin";

/** Jobs on the plain page. */
const PAGE_JOBS = 20;

/** What a browser opens: the farm, and the way in. None of it needs script. */
export function pageRoutes(farm: Farm, door: Door, nowMs: () => number): Hono<RequestEnv> {
  const pages = new Hono<RequestEnv>()
    .get(PLAIN_STYLE_PATH, (c) => {
      c.header("content-type", "text/css; charset=utf-8");
      return c.body(PLAIN_STYLE);
    })
    .get("/login", async (c) => {
      c.header("Referrer-Policy", FORM_REFERRER_POLICY);
      const once = c.req.query("once");
      if (once === undefined || c.req.method !== "GET") return c.html(renderLoginPage());
      if (door.keys === undefined) return c.redirect("/", 303);
      const actor = door.links.take(once);
      if (actor === undefined) {
        door.attempts.fail(peerOf(c));
        return c.html(renderLoginPage("This link was used already, or is too old. coop open makes another."), 401);
      }
      await giveCookie(c, door, actor, nowMs);
      return c.redirect("/", 303);
    })
    .post("/login", async (c) => {
      c.header("Referrer-Policy", FORM_REFERRER_POLICY);
      if (door.keys === undefined) return c.redirect("/", 303);
      if (door.attempts.isOver(peerOf(c))) {
        c.header("Retry-After", "60");
        return c.html(renderLoginPage(tooMany().message), 429);
      }
      const token = await readFormToken(c);
      const actor = token === "" ? undefined : await logIn(c, door, token, nowMs);
      return actor === undefined
        ? c.html(renderLoginPage("That is no token of this farm."), 401)
        : c.redirect("/", 303);
    });
  for (const path of ["/", "/farm"]) {
    pages.get(path, async (c) =>
      c.html(renderFarmPage(await farm.summary(), await farm.hens(), await farm.latestJobs(PAGE_JOBS))),
    );
  }
  return pages;
}

/**
 * `?token=` on a page becomes a cookie, and leaves the address, where history, logs and the next page's referrer would have
 * it (weaknesses B6). @throws CoopError `unauthorized`, `too_many_attempts`
 */
export function exchangeToken(door: Door, nowMs: () => number): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    const isPage = PAGES.includes(c.req.path) && c.req.method === "GET";
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
 * How a browser is answered that is not let in: by the login page, or, when it followed a link on another site and so left
 * its cookie at home, by a page that asks again. Undefined for everything that is no page.
 */
export function answerBrowser(c: Context<RequestEnv>, error: unknown): Response | undefined {
  const wantsPage = (c.req.header("accept") ?? "").includes("text/html");
  if (!(error instanceof CoopError) || error.code !== "unauthorized" || !wantsPage) return undefined;
  const site = c.req.header("sec-fetch-site");
  const isFollowed = (site === "cross-site" || site === "same-site") && readCookie(c) === undefined;
  if (isFollowed && PAGES.includes(c.req.path) && c.req.query("token") === undefined) {
    return c.html(renderKnockPage(c.req.path));
  }
  return c.redirect("/login", 303);
}

async function readFormToken(c: Context<RequestEnv>): Promise<string> {
  const type = c.req.header("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return "";
  return new URLSearchParams(new TextDecoder().decode(await readBytes(c))).get("token")?.trim() ?? "";
}
