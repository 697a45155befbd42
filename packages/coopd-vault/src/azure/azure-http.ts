import { CoopError } from "coopd-core";

/** The part of `fetch` that is used; compose.ts hands it in. */
export type AzureFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** An answer, its body read. */
export interface AzureAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  /** The body where it is a JSON object, else an empty one. It may hold a secret: nobody prints it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A key vault answers within a second or two; this long is an outage. */
export const REQUEST_MS_MAX = 10_000;
/** A token is a few KB, a secret 25 KB at most. */
const BODY_BYTES_MAX = 262_144;

/**
 * One request, which follows no redirect, since that would take the token elsewhere.
 * @throws CoopError `timeout`, `unreachable`, `bad_answer` without a word of what was sent or came
 */
export async function askAzure(
  fetch: AzureFetch,
  url: string,
  init: RequestInit,
  timeoutMs = REQUEST_MS_MAX,
): Promise<AzureAnswer> {
  const host = new URL(url).hostname;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: timeout });
    const bytes = await readBounded(response, host);
    return { status: response.status, retryAfterMs: readRetryAfter(response), body: parseBody(bytes) };
  } catch (error) {
    if (error instanceof CoopError) throw error;
    if (timeout.aborted) throw new CoopError("timeout", `${host} did not answer within ${timeoutMs / 1000} s`);
    const code = (error as { code?: unknown }).code;
    throw new CoopError("unreachable", `${host} cannot be reached${typeof code === "string" ? ` (${code})` : ""}`);
  }
}

async function readBounded(response: Response, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new CoopError("bad_answer", `${host} answered more than a secret can be`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function parseBody(bytes: Uint8Array): AzureAnswer["body"] {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof parsed === "object" && parsed !== null ? (parsed as AzureAnswer["body"]) : {};
  } catch {
    return {}; // a gateway's HTML: the status says enough
  } finally {
    bytes.fill(0);
  }
}

/** Seconds; Azure sends no dates. */
function readRetryAfter({ headers }: Response): number | undefined {
  const text = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : undefined;
}

/** Azure's own word for what was wrong, where it is one word: never its sentences, which quote requests. */
export function errorWord({ body }: AzureAnswer): string | undefined {
  const { error } = body;
  const word = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : error;
  return typeof word === "string" && /^[A-Za-z_]{1,64}$/.test(word) ? word : undefined;
}
