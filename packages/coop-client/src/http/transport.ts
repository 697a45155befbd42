import { parseIdempotencyKey } from "coopd-core";
import { type AddressParts, type AnswerOf, type CallOptions, type Parts, type Route, toAddress } from "../api/route.ts";
import { notCoop, parseAnswer, readAnswerText } from "./answer-body.ts";
import { readAnswerError } from "./answer-error.ts";
import { parseBaseUrl } from "./base-url.ts";
import { toConnectionError } from "./connection-error.ts";

export type { CallOptions } from "../api/route.ts";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface TransportOptions {
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`; undefined or empty sends no such header. */
  readonly token?: string | undefined;
  readonly fetch?: Fetch | undefined;
  /** From sending to the last byte of the answer, ms; 0 waits for ever. */
  readonly timeoutMs?: number | undefined;
}

/** Options of a call that makes something. */
export interface MakeOptions extends CallOptions {
  /**
   * 1–255 visible ASCII characters of the caller's choice. The same call with the same key makes nothing more for a day and
   * resolves to the same. @throws CoopError `idempotency_conflict` when the key was used for another call
   */
  readonly idempotencyKey?: string | undefined;
}

/** A call of whatever route: what {@link Parts} lets through is made of these. */
interface RequestParts extends CallOptions, AddressParts {
  /** Sent as `Idempotency-Key`: the daemon does the same request with the same key once. */
  readonly idempotencyKey?: string | undefined;
  /** Sent as `If-Match`. */
  readonly ifMatch?: string | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; a form sets its own content type. */
  readonly body?: { readonly bytes: Uint8Array; readonly type: string } | FormData;
}

/** An answer that was not a refusal, its body read. */
export interface Answer<Promised = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; nobody has looked at its shape yet. @throws CoopError `bad_answer` */
  json(): unknown;
  readonly text: string;
  /** Never there: what the document says of the JSON, for the compiler. */
  readonly promised?: Promised;
}

/** One daemon over HTTP: refusals and broken connections come out as CoopErrors, everything is bounded in time and size. */
export interface Transport {
  readonly baseUrl: string;
  /** What every request carries. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * One request of a route; it is never repeated and follows no redirect, so that a token stays where it was meant for.
   * @throws CoopError the daemon's own code, `unreachable`, `timeout`, `cancelled`, `bad_answer`
   */
  send<R extends Route>(route: R, ...parts: Parts<R>): Promise<Answer<AnswerOf<R>>>;
  /**
   * The same for an answer that is too long to be held: its bytes as they come, without a limit of time. Whoever does not
   * read them to their end leaves the loop, which ends the request. @throws CoopError `bad_answer` when it is not of `type`
   */
  open<R extends Route>(route: R, type: string, ...parts: Parts<R>): Promise<AsyncIterable<Uint8Array>>;
}

/** Long enough for a hatch on a slow disk, short enough that a hung daemon is noticed. */
export const TIMEOUT_MS_DEFAULT = 30_000;

/** @throws CoopError `bad_request` for an unusable address */
export function openTransport(options: TransportOptions): Transport {
  const baseUrl = parseBaseUrl(options.baseUrl);
  const { token = "", timeoutMs = TIMEOUT_MS_DEFAULT } = options;
  const call = options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  const headers = { accept: "application/json", ...(token === "" ? {} : { authorization: `Bearer ${token}` }) };
  return {
    baseUrl,
    headers,
    async send(route, ...[given]) {
      const parts = (given ?? {}) as RequestParts;
      const { method, path } = toAddress(route, parts);
      const url = `${baseUrl}/api/v1${path}`;
      try {
        const response = await call(url, toInit(method, parts, headers, timeoutMs));
        if (!response.ok) throw await readAnswerError(response);
        const text = await readAnswerText(response);
        return { status: response.status, headers: response.headers, text, json: () => parseAnswer(text, url) };
      } catch (error) {
        throw toConnectionError(error, { url: baseUrl, signal: parts.signal, timeoutMs });
      }
    },
    async open(route, type, ...[given]) {
      const parts = (given ?? {}) as RequestParts;
      const { method, path } = toAddress(route, parts);
      const fault = (error: unknown) => toConnectionError(error, { url: baseUrl, signal: parts.signal, timeoutMs: 0 });
      try {
        const response = await call(`${baseUrl}/api/v1${path}`, toInit(method, parts, headers, 0));
        if (!response.ok) throw await readAnswerError(response);
        if (response.headers.get("content-type")?.split(";")[0]?.trim() !== type) {
          await response.body?.cancel();
          throw notCoop(baseUrl, `an answer that is not ${type}`);
        }
        return readBytes(response, fault);
      } catch (error) {
        throw fault(error);
      }
    },
  };
}

async function* readBytes(response: Response, toFault: (error: unknown) => unknown): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader(); // not every browser iterates over a stream
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw toFault(error);
  } finally {
    void reader.cancel().catch(() => undefined); // whoever stops reading lets the connection go
  }
}

function toInit(
  method: string,
  parts: RequestParts,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): RequestInit {
  const signals = [parts.signal, timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined].filter(
    (s) => s !== undefined,
  );
  const { type, body } = toBody(parts);
  return {
    method,
    headers: {
      ...headers,
      ...(type === undefined ? {} : { "content-type": type }),
      ...(parts.ifMatch === undefined ? {} : { "if-match": parts.ifMatch }),
      ...(parts.idempotencyKey === undefined ? {} : { "idempotency-key": parseIdempotencyKey(parts.idempotencyKey) }),
    },
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
  };
}

function toBody(parts: RequestParts): { readonly type?: string; readonly body?: RequestInit["body"] } {
  if (parts.json !== undefined) return { type: "application/json", body: JSON.stringify(parts.json) };
  if (parts.body === undefined) return {};
  if (parts.body instanceof FormData) return { body: parts.body };
  return { type: parts.body.type, body: parts.body.bytes as Uint8Array<ArrayBuffer> };
}
