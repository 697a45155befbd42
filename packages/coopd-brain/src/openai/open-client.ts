import type { OpenAI } from "openai";
import type { Attempt } from "../wire/wire.ts";
import { loadSdk } from "./sdk.ts";

/** The try has a deadline of its own, which says so; the SDK's, which cannot be switched off, must not come before it. */
const SDK_GRACE_MS = 10_000;
/** Clients that are kept, one a base URL and deadline: more than anybody has model servers. */
const CLIENTS_MAX = 64;

const clients = new Map<string, OpenAI>();

/** What of a request's options names the try that it belongs to; the SDK hands them to `fetch` as they are. */
export type TryOptions = Pick<NonNullable<Parameters<OpenAI["chat"]["completions"]["create"]>[1]>, "fetchOptions">;

/**
 * The official client, and the options that make a request of it one of this try. It retries nothing: tries are counted
 * over the whole call, its stream included. A client knows no key and no conversation, and making one takes a fifth of a
 * short call's time, so it is kept.
 *
 * Its constructor reads eight environment variables, and a malformed OPENAI_CUSTOM_HEADERS makes it throw, unless it is
 * given a provider: a base URL and a way to authenticate, of which the package exports two. Google's is the plain one.
 * The token is none; the sealed fetch lets no authorization through but our own.
 */
export async function openClient(
  baseUrl: string,
  { sealed, timeoutMs }: Attempt,
): Promise<{ readonly client: OpenAI; readonly options: TryOptions }> {
  const { OpenAI: Client, vertex } = await loadSdk();
  const name = `${timeoutMs} ${baseUrl}`;
  const client =
    clients.get(name) ??
    new Client({
      provider: vertex({ baseURL: baseUrl, tokenProvider: () => "none" }),
      fetch: fetchOfTry,
      timeout: timeoutMs + SDK_GRACE_MS,
      maxRetries: 0,
      logLevel: "off",
    });
  if (!clients.has(name) && clients.size >= CLIENTS_MAX) clients.delete(clients.keys().next().value ?? name);
  clients.set(name, client);
  return { client, options: { fetchOptions: { sealed } as TryOptions["fetchOptions"] & object } };
}

/** A request that no try stands behind goes nowhere. */
async function fetchOfTry(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { sealed } = (init ?? {}) as Partial<Pick<Attempt, "sealed">>;
  if (sealed === undefined) throw new Error("a request of the SDK belongs to no try");
  return sealed.fetch(url, init);
}
