import { CoopError } from "../errors/coop-error.ts";
import type { BrainLink } from "../manifest/manifest.ts";
import { formatSecretRef, type SecretRef } from "../manifest/secret-ref.ts";
import { matchesRule } from "../net/host-pattern.ts";

/** Where each provider's key belongs; every other place must be named by the farmer. */
const OWN_HOSTS: Readonly<Partial<Record<BrainLink["provider"], string>>> = {
  anthropic: "api.anthropic.com",
  openai: "api.openai.com",
};

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "https:": 443, "http:": 80 };

/** What a manifest wants to send where, and where the farmer let it go. */
export interface SecretUse {
  readonly ref: Exclude<SecretRef, { kind: "none" }>;
  readonly link: Pick<BrainLink, "provider" | "base_url">;
  /** `HOST`, `*.HOST` or either with `:PORT`; without one it is the scheme's own. */
  readonly hosts: readonly string[];
  /** The command or setting that would bind it to a host. */
  readonly howToBind: (host: string) => string;
}

/**
 * A secret goes to its provider's own host and to hosts that it was bound to, and nowhere else: whoever may write a manifest
 * may not thereby send every key of the farm to a server of his own (weaknesses C1). Without TLS it goes only to a bound host
 * of this machine or its network, named by its address.
 *
 * @throws CoopError `secret_not_allowed` naming the host and what would allow it
 */
export function assertMaySend({ ref, link, hosts, howToBind }: SecretUse): void {
  const own = OWN_HOSTS[link.provider];
  const url = new URL(link.base_url ?? `https://${own ?? ""}`);
  const port = url.port === "" ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
  if (url.protocol === "https:" && port === 443 && url.hostname === own) return;
  const place = url.port === "" ? url.hostname : `${url.hostname}:${url.port}`;
  if (url.protocol !== "https:" && !isNearby(url.hostname)) {
    throw new CoopError("secret_not_allowed", `${formatSecretRef(ref)} would be sent to ${place} without TLS`, {
      next: "Use https:// in brain.base_url.",
      details: { host: place },
    });
  }
  if (hosts.some((bound) => matchesBound(bound, url.hostname, port, DEFAULT_PORTS[url.protocol] ?? 0))) return;
  throw new CoopError("secret_not_allowed", `${formatSecretRef(ref)} may not be sent to ${place}`, {
    next: howToBind(place),
    details: { host: place },
  });
}

function matchesBound(bound: string, hostname: string, port: number, portDefault: number): boolean {
  const [, host = "", portText] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(bound) ?? [];
  const boundPort = portText === undefined ? portDefault : Number(portText);
  return matchesRule({ host, ports: [boundPort], private: true, methods: null, paths: null }, hostname, port);
}

/** Literally this machine or a private network, as URLs write it: plain HTTP to it crosses no network of others. */
function isNearby(hostname: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]") return true;
  if (/^\[f[cd][0-9a-f]{2}:/.test(hostname)) return true; // unique local, RFC 4193
  const [, a = "", b = ""] = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(hostname) ?? [];
  if (a === "127" || a === "10") return true;
  return (a === "192" && b === "168") || (a === "172" && Number(b) >= 16 && Number(b) <= 31);
}
