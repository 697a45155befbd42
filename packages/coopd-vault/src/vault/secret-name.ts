import { CoopError, hostPatternFault, isSecretName } from "coopd-core";

/** Bytes of one secret: keys and certificates are far smaller, and every write seals all of them. */
export const SECRET_BYTES_MAX = 65_536;
/** Hosts that one secret may be bound to. */
const HOSTS_MAX = 64;

/** @throws CoopError `bad_request` unless a manifest could name it; the text is not repeated, it may be the key itself */
export function requireSecretName(name: string): void {
  if (isSecretName(name)) return;
  throw new CoopError("bad_request", "the secret's name is not 1-128 of A-Z a-z 0-9 . _ -");
}

/**
 * Hosts as they are kept: lower case, without doubles, in order. `HOST`, `*.HOST` or `HOST:PORT`; IPv6 in brackets.
 * @throws CoopError `bad_request` naming the host that is none
 */
export function parseBoundHosts(hosts: readonly string[]): readonly string[] {
  if (hosts.length > HOSTS_MAX) {
    throw new CoopError("bad_request", `a secret can be bound to ${HOSTS_MAX} hosts at most`);
  }
  return [...new Set(hosts.map(parseBoundHost))].sort();
}

function parseBoundHost(text: string): string {
  const [, host = "", port] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const fault = host.startsWith("[") ? addressFault(host) : hostPatternFault(host);
  const isPort = port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
  if (host !== "" && fault === null && isPort) return text.toLowerCase();
  const why = host === "" || !isPort ? "is no host" : fault;
  throw new CoopError("bad_request", `the host ${JSON.stringify(text.slice(0, 100))} ${why}`, {
    next: "Write api.example.com, *.example.com, 127.0.0.1:11434 or [::1]:11434.",
  });
}

/** IPv6 must be as URLs write it, or it would never match. */
function addressFault(host: string): string | null {
  try {
    return new URL(`http://${host}`).hostname === host.toLowerCase() ? null : "is not a canonical IPv6 address";
  } catch {
    return "is no IPv6 address";
  }
}
