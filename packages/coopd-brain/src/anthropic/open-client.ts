import type { Anthropic } from "@anthropic-ai/sdk";
import type { Attempt } from "../wire/wire.ts";
import { loadSdk } from "./sdk.ts";

/** The try has a deadline of its own, which says so; the SDK's, which cannot be switched off, must not come before it. */
const SDK_GRACE_MS = 10_000;

/**
 * The official client for one try. It retries nothing: tries are counted over the whole call, its stream included. A key and
 * an address that are given keep it from looking for others in the environment and in files; the sealed fetch sends to our
 * address with our headers whatever it has found.
 */
export async function openClient(baseUrl: string, { sealed, timeoutMs }: Attempt): Promise<Anthropic> {
  const { Anthropic: Client } = await loadSdk();
  const client = new Client({
    apiKey: "sealed",
    baseURL: baseUrl,
    webhookKey: null,
    fetch: sealed.fetch,
    timeout: timeoutMs + SDK_GRACE_MS,
    maxRetries: 0,
    logLevel: "off",
    openTelemetry: false,
  });
  // What ANTHROPIC_CUSTOM_HEADERS held is not sent in any case, but a malformed one would fail every call.
  const options: unknown = Reflect.get(client, "_options");
  if (typeof options === "object" && options !== null) Reflect.deleteProperty(options, "defaultHeaders");
  return client;
}
