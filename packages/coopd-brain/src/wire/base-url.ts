import { CoopError, quote } from "coopd-core";

/**
 * A manifest's `base_url` without slashes behind it. Whether its host may be reached is decided by the fetch that was
 * handed in.
 * @throws CoopError `brain_unsupported` when it is none that an http client can use, or would send a key in the clear
 */
export function parseBaseUrl(text: string, hasKey: boolean): string {
  if (!URL.canParse(text)) throw fault(`${quote(text)} is no URL`);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw fault(`${quote(text)} is neither http nor https`);
  if (url.username !== "" || url.password !== "") throw fault("has a name or a password in it");
  if (url.search !== "" || url.hash !== "") throw fault(`${quote(text)} has a query or a fragment`);
  if (hasKey && url.protocol === "http:" && !isNear(url.hostname)) {
    throw fault(`${quote(text)} is plain http, so the key would go over the network for all to read`, "Use https.");
  }
  return url.href.replace(/\/+$/, "");
}

/**
 * Literally this machine or a private network (RFC 1918, RFC 4193), where plain http is usual. URL has already brought
 * every way to write an address into one.
 */
function isNear(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]") return true;
  if (/^\[f[cd][0-9a-f]{2}:/.test(hostname)) return true;
  return /^(?:127|10)\.\d+\.\d+\.\d+$|^192\.168\.\d+\.\d+$|^172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(hostname);
}

function fault(what: string, next = "Write it as http://127.0.0.1:11434/v1."): CoopError {
  return new CoopError("brain_unsupported", `brain.base_url ${what}`, { next });
}
