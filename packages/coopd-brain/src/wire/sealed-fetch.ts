import { boundBody, readStart } from "./bounded-body.ts";

/** The part of `fetch` that an adapter needs; compose.ts hands it in. */
export type BrainFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** An answer that was not 2xx: how a server says no. */
export interface Refusal {
  readonly status: number;
  /** Its start, bounded. */
  readonly body: string;
  readonly headers: Headers;
}

export interface SealedFetch {
  /** In the form that the SDKs take. */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** The last answer that was not 2xx. */
  readonly refusal: Refusal | undefined;
  /** The last bytes that came, as one character each. */
  readonly tail: string;
}

export interface SealedFetchParts {
  /** The only way to the network. */
  readonly fetch: BrainFetch;
  /** Where everything goes, whatever the SDK was led to believe. */
  readonly endpoint: string;
  /** What the wire wants besides the content's type: the key, a version. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Begins the errors of a body that is too large or breaks off. */
  readonly name: string;
}

/** Enough for any error message; more is not read. */
const REFUSAL_BYTES_MAX = 16 * 1024;
const TAIL_BYTES = 64;

/**
 * What an SDK sends through is stripped to what the wire needs: its body to one address with our headers, so nothing about
 * this machine goes out, and nothing that the SDK takes from the environment. No redirect is followed, since that would
 * send the conversation to an address that nobody allowed. Bodies are bounded.
 */
export function sealFetch({ fetch, endpoint, headers: own, signal, name }: SealedFetchParts): SealedFetch {
  let refusal: Refusal | undefined;
  let tail = "";
  const remember = (bytes: Uint8Array) => {
    tail = (tail + Buffer.from(bytes.subarray(-TAIL_BYTES)).toString("latin1")).slice(-TAIL_BYTES);
  };
  const send = async (init: RequestInit): Promise<Response> => {
    const attempt = init.signal == null ? signal : AbortSignal.any([signal, init.signal]);
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        accept: "text/event-stream, application/json",
        "content-type": "application/json",
        "user-agent": "coopd",
        ...own,
      },
      ...(init.body == null ? {} : { body: init.body }),
      redirect: "manual",
      signal: attempt,
    });
    const { status, headers } = response;
    if (!response.ok) {
      const body = await readStart(response.body, REFUSAL_BYTES_MAX);
      refusal = { status, body, headers };
      return new Response(body === "" ? null : body, { status, headers }); // some statuses may have no body
    }
    if (response.body === null) return response;
    return new Response(boundBody(response.body, { signal: attempt, onBytes: remember, name }), { status, headers });
  };
  return {
    fetch: (_url, init = {}) => send(init),
    get refusal() {
      return refusal;
    },
    get tail() {
      return tail;
    },
  };
}
