import { type BuiltAsset, loadPage } from "farm-ui";
import { type Context, Hono } from "hono";
import type { RequestEnv } from "../door/request-env.ts";
import { errorResponse, notFound } from "../errors.ts";

/** A name holds the hash of what is in it, so it is good for ever, s. */
const KEEP_SECS = 31_536_000;

/** The forms of a file, the smallest first. */
const FORMS = ["br", "gzip"] as const;

/** `/assets/…`: the files of the page, which hold nothing of a farm and are open to all. */
export function assetRoutes(): Hono<RequestEnv> {
  return new Hono<RequestEnv>().get("/assets/:name", async (c) => {
    const { assets } = await loadPage();
    const name = c.req.param("name");
    const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
    return asset === undefined ? errorResponse(c, notFound(c.req.path)) : sendAsset(c, asset);
  });
}

/** Reads the file as it is sent; nothing of it stays in memory. */
function sendAsset(c: Context<RequestEnv>, { type, hash, forms }: BuiltAsset): Response {
  const form = chooseForm(c.req.header("accept-encoding") ?? "");
  const etag = `"${hash}${form === "identity" ? "" : `-${form}`}"`;
  const headers: Record<string, string> = {
    "cache-control": `public, max-age=${KEEP_SECS}, immutable`,
    vary: "accept-encoding",
    etag,
  };
  if (isKnown(c.req.header("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  if (form !== "identity") headers["content-encoding"] = form;
  return new Response(Bun.file(forms[form]), { headers: { ...headers, "content-type": type } });
}

/** RFC 9110 §12.5.3: named, and not with a weight of nothing. */
function chooseForm(accepted: string): keyof BuiltAsset["forms"] {
  const takes = accepted.split(",").flatMap((part) => {
    const [name = "", ...params] = part.split(";").map((text) => text.trim().toLowerCase());
    return params.some((param) => /^q=0(?:\.0*)?$/.test(param)) ? [] : [name];
  });
  return FORMS.find((form) => takes.includes(form)) ?? "identity";
}

/** RFC 9110 §13.1.2. */
export function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
