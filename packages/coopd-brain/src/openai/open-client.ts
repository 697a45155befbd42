import type { OpenAI } from "openai";
import type { Attempt } from "../wire/wire.ts";
import { loadSdk } from "./sdk.ts";

/** The try has a deadline of its own, which says so; the SDK's, which cannot be switched off, must not come before it. */
const SDK_GRACE_MS = 10_000;

/**
 * The official client for one try. It retries nothing: tries are counted over the whole call, its stream included.
 *
 * Its constructor reads eight environment variables, and a malformed OPENAI_CUSTOM_HEADERS makes it throw, unless it is
 * given a provider: a base URL and a way to authenticate, of which the package exports two. Google's is the plain one.
 * The token is none; the sealed fetch lets no authorization through but our own.
 */
export async function openClient(baseUrl: string, { sealed, timeoutMs }: Attempt): Promise<OpenAI> {
  const { OpenAI: Client, vertex } = await loadSdk();
  return new Client({
    provider: vertex({ baseURL: baseUrl, tokenProvider: () => "none" }),
    fetch: sealed.fetch,
    timeout: timeoutMs + SDK_GRACE_MS,
    maxRetries: 0,
    logLevel: "off",
  });
}
