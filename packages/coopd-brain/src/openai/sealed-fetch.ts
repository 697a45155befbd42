import type { BrainKey } from "coopd-core";
import { boundBody, readStart } from "./bounded-body.ts";
import type { Refusal } from "./brain-error.ts";

/** The part of `fetch` that an adapter needs; compose.ts hands it in. */
export type BrainFetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface SealedFetch {
  /** In the form that the SDK takes. */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** The last answer that was not 2xx. */
  readonly refusal: Refusal | undefined;
  /** The last bytes that came, as one character each. */
  readonly tail: string;
}

/** Enough for any error message; more is not read. */
const REFUSAL_BYTES_MAX = 16 * 1024;
const TAIL_BYTES = 64;

/**
 * What the SDK sends through is stripped to what the wire needs: no authorization but the key, no organisation, nothing about this
 * machine, and nothing that the SDK takes from the environment. No redirect is followed, since that would send the
 * conversation to an address that nobody allowed. Bodies are bounded.
 */
export function sealFetch(fetch: BrainFetch, signal: AbortSignal, key?: BrainKey): SealedFetch {
  let refusal: Refusal | undefined;
  let tail = "";
  const remember = (bytes: Uint8Array) => {
    tail = (tail + Buffer.from(bytes.subarray(-TAIL_BYTES)).toString("latin1")).slice(-TAIL_BYTES);
  };
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const attempt = init.signal == null ? signal : AbortSignal.any([signal, init.signal]);
    const response = await fetch(url, {
      method: "POST",
      headers: {
        accept: "text/event-stream, application/json",
        "content-type": "application/json",
        "user-agent": "coopd",
        ...(key === undefined ? {} : { authorization: `Bearer ${key.reveal()}` }),
      },
      ...(init.body == null ? {} : { body: init.body }),
      redirect: "manual",
      signal: attempt,
    });
    const { status, headers } = response;
    if (!response.ok) {
      const body = await readStart(response.body, REFUSAL_BYTES_MAX);
      refusal = { status, body, location: status < 400 ? (headers.get("location") ?? "") : "" };
      return new Response(body === "" ? null : body, { status, headers }); // some statuses may have no body
    }
    if (response.body === null) return response;
    return new Response(boundBody(response.body, attempt, remember), { status, headers });
  };
  return {
    fetch: (url, init = {}) => send(String(url instanceof Request ? url.url : url), init),
    get refusal() {
      return refusal;
    },
    get tail() {
      return tail;
    },
  };
}
