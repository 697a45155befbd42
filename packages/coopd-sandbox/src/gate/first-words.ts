import { addressOfHost } from "coopd-core";
import type { EgressRefusal } from "../dial/refusal.ts";
import { httpRefusal, tlsRefusal } from "./answers.ts";
import type { Answer, Client } from "./client.ts";
import { parseClientHello } from "./parse/client-hello.ts";
import { type Fault, MORE, type More } from "./parse/fault.ts";
import { classifyStart } from "./parse/first-bytes.ts";
import { parseRequestHead, type RequestHead } from "./parse/request-head.ts";

/** What a connection said first; `fault` where it said it badly. */
export type FirstWords =
  | { readonly kind: "tls"; readonly sni: string | null }
  | { readonly kind: "http"; readonly head: RequestHead }
  | { readonly kind: "raw" }
  | { readonly kind: "bad"; readonly carried: "tls" | "http"; readonly fault: Fault };

/** Reads them. `defaultPort`: what a Host without a port means. */
export function parseFirstWords(bytes: Uint8Array, defaultPort: number): FirstWords | More {
  const carried = classifyStart(bytes);
  if (carried === "more") return MORE;
  if (carried === "raw") return { kind: "raw" };
  const found = carried === "tls" ? parseClientHello(bytes) : parseRequestHead(bytes, defaultPort);
  if (found.kind === "more") return MORE;
  if (found.kind === "fault") return { kind: "bad", carried, fault: found };
  return found.kind === "hello" ? { kind: "tls", sni: found.sni } : { kind: "http", head: found };
}

/** How a refusal is said to who began like this. */
export function answerTo({ henId }: Client, words: FirstWords | null): Answer {
  const carried = words?.kind === "bad" ? words.carried : words?.kind;
  if (carried === "http") return (refusal) => httpRefusal(henId, refusal);
  return carried === "tls" ? tlsRefusal : () => null;
}

/**
 * Why what is said inside is not for the host that was let out; null when it is. SNI == CONNECT host == Host: a name must be said,
 * an address need not be (RFC 6066 §3 has none in SNI).
 */
export function judgeWords(
  words: FirstWords,
  way: { readonly host: string; readonly port: number; readonly isHttpOnly: boolean },
): EgressRefusal | null {
  const { host, port, isHttpOnly } = way;
  const refuse = (code: EgressRefusal["code"], reason: string): EgressRefusal => ({
    code,
    rule: null,
    reason,
    allow: null,
  });
  if (words.kind === "bad") return refuse(words.fault.code, `what was sent to ${host}:${port} ${words.fault.reason}`);
  if (words.kind === "raw") {
    return isHttpOnly
      ? refuse("request_invalid", `the rule for ${host}:${port} lists methods or paths, and this is no request`)
      : null;
  }
  if (words.kind === "tls") {
    const address = addressOfHost(host);
    if (words.sni === null)
      return address === null ? refuse("sni_mismatch", `TLS to ${host} names no server (SNI)`) : null;
    return words.sni.toLowerCase() === (address ?? host)
      ? null
      : refuse("sni_mismatch", `TLS to ${host} names another server`);
  }
  const { form, authority } = words.head;
  if (form === "authority") return refuse("request_invalid", `a CONNECT inside a connection to ${host}`);
  if (authority === null) return null;
  const isSame =
    authority.port === port && (authority.host === host || (isLoopbackName(host) && isLoopbackName(authority.host)));
  return isSame
    ? null
    : refuse("sni_mismatch", `a request to ${host}:${port} says Host ${authority.host}:${authority.port}`);
}

/** Two names of one private place; which of them is let out was decided before. */
function isLoopbackName(host: string): boolean {
  return host === "localhost" || host === "127.0.0.1" || host === "[::1]";
}
