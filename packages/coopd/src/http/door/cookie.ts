import type { Context } from "hono";
import type { Door } from "../../access/door.ts";
import type { RequestEnv } from "./request-env.ts";

/** The original's name; what it holds is a login of its own, never the token (weaknesses B4). */
const NAME = "coop_token";

/** The login that the browser sends; undefined when it sends none. */
export function readCookie(c: Context<RequestEnv>): string | undefined {
  for (const pair of (c.req.header("cookie") ?? "").split(";")) {
    const [name, value] = pair.split("=", 2);
    if (name?.trim() === NAME && value !== undefined && value.trim() !== "") return value.trim();
  }
  return undefined;
}

/** `SameSite=Strict`: no other site can have it sent. `Secure` where the browser came by https, else it could never log in. */
export function setCookie(c: Context<RequestEnv>, door: Door, secret: string, maxAgeSecs: number): void {
  const secure = isHttps(c, door) ? "; Secure" : "";
  c.header("Set-Cookie", `${NAME}=${secret}; Path=/; Max-Age=${maxAgeSecs}; HttpOnly; SameSite=Strict${secure}`);
}

/** Takes it away. */
export function clearCookie(c: Context<RequestEnv>): void {
  c.header("Set-Cookie", `${NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`);
}

/** The daemon speaks HTTP; a proxy before it may speak https, and says so. */
function isHttps(c: Context<RequestEnv>, door: Door): boolean {
  if (c.req.header("origin")?.toLowerCase().startsWith("https://") === true) return true;
  return door.isPublic && /^https\b/i.test(c.req.header("x-forwarded-proto") ?? "");
}
