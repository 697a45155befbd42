import type { OpenAI } from "openai";
import { loadSdk } from "./sdk.ts";
import type { SealedFetch } from "./sealed-fetch.ts";

/** Attempts beyond the first, after a refused connection, 408, 409, 429 or 5xx; the SDK waits as Retry-After says (≤ 60 s). */
const RETRIES_MAX = 2;

/**
 * The official client for one call.
 *
 * Its constructor reads eight environment variables, and a malformed OPENAI_CUSTOM_HEADERS makes it throw, unless it is
 * given a provider: a base URL and a way to authenticate, of which the package exports two. Google's is the plain one.
 * The token is none; {@link SealedFetch} lets no authorization through.
 */
export async function openClient(baseUrl: string, sealed: SealedFetch, timeoutMs: number): Promise<OpenAI> {
  const { OpenAI: Client, vertex } = await loadSdk();
  return new Client({
    provider: vertex({ baseURL: baseUrl, tokenProvider: () => "none" }),
    fetch: sealed.fetch,
    timeout: timeoutMs,
    maxRetries: RETRIES_MAX,
    logLevel: "off",
  });
}
