import { CoopError } from "coopd-core";
import { type HttpRequest, parseHttpUrl } from "./http-request.ts";

/** The original's limit: the fourth redirect is an error (contract/tools-sandbox.md §1). */
export const REDIRECTS_MAX = 3;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What may go to another origin: how to answer, never who asks (weaknesses A17). A key can hide under any other name. */
const SAFE_ACROSS_ORIGINS: readonly string[] = ["accept", "accept-encoding", "accept-language", "user-agent"];
const OF_THE_BODY = /^content-/;

/**
 * The request that a redirect asks for; undefined where the answer is no redirect, or one that is not followed: without
 * Location, or one that would carry the body, which may hold credentials, to another origin (the model then decides).
 * Methods change as browsers do (Fetch §4.4, HTTP-redirect fetch, steps 12–13).
 * @throws CoopError `tool_failed` for a target that is no http address
 */
export function followRedirect(
  request: HttpRequest,
  status: number,
  location: string | undefined,
): HttpRequest | undefined {
  if (!REDIRECTS.includes(status) || location === undefined) return undefined;
  const url = parseTarget(location, request.url);
  const isSameOrigin = url.origin === request.url.origin;
  const dropsBody = becomesGet(status, request.method);
  if (!dropsBody && !isSameOrigin && request.body !== undefined) return undefined;
  const headers = [...request.headers].filter(
    ([name]) => (isSameOrigin || SAFE_ACROSS_ORIGINS.includes(name)) && !(dropsBody && OF_THE_BODY.test(name)),
  );
  return {
    url,
    method: dropsBody ? "GET" : request.method,
    headers: new Map(headers),
    body: dropsBody ? undefined : request.body,
  };
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

function parseTarget(location: string, base: URL): URL {
  try {
    return parseHttpUrl(location, base);
  } catch (error) {
    const why = error instanceof CoopError ? error.message.replace("invalid input for http: url", "its target") : error;
    throw new CoopError("tool_failed", `${base.host} answered with a redirect that cannot be followed: ${why}`, {
      cause: error,
    });
  }
}
