import { CoopError } from "coopd-core";

/** Where `coop` looks for a daemon unless told otherwise (contract/http-api.md §1). */
export const DEFAULT_BASE_URL = "http://127.0.0.1:9700";

/**
 * A daemon's address in its canonical form: scheme, host, port and, behind a reverse proxy, a path; no trailing slash.
 * @throws CoopError `bad_request` when it is no http(s) URL, or carries a user name, a query or a fragment
 */
export function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw refusal(text, "is not an http:// or https:// address");
  }
  if (url.username !== "" || url.password !== "")
    throw refusal(text.replace(/\/\/.*@/, "//…@"), "has a user name in it");
  if (url.search !== "" || url.hash !== "") throw refusal(text, "has a query or a fragment in it");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** The WebSocket address for a path below `/api/v1`. */
export function toSocketUrl(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/^http/, "ws")}/api/v1${path}`;
}

function refusal(text: string, what: string): CoopError {
  return new CoopError("bad_request", `the daemon's address "${text}" ${what}`, {
    next: `Give one like ${DEFAULT_BASE_URL}.`,
  });
}
