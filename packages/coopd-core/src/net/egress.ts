import type { Instant } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";

/**
 * How a hen asked. connect: CONNECT to the proxy · http: a plain request, to the proxy or caught on its way · socks: SOCKS5 to
 * the proxy · tls, tcp: caught on its way, told apart by its first bytes · dns: only a name was asked for · http_tool: the tool.
 */
export type EgressVia = "connect" | "http" | "socks" | "tls" | "tcp" | "dns" | "http_tool";

/** Why something did not get out. The list is closed: a new reason gets a row here. */
export const EGRESS_DENIALS = [
  /** `network: off`. */
  "policy_off",
  /** No rule names the host. */
  "no_rule",
  /** A rule names the host, and not this port. */
  "port_not_listed",
  "method_not_listed",
  "path_not_listed",
  /** The address is not a public one, and no rule with `private: true` names it. */
  "private_address",
  /** What was asked for is no host name, no address, or one that readers take differently. */
  "host_invalid",
  "name_unresolved",
  /** The host inside (SNI, Host) is not the one that was asked for. */
  "sni_mismatch",
  /** A request that two readers could take differently, or a protocol that the gate does not speak. */
  "request_invalid",
  /** Too many connections, or too many new ones a second. */
  "quota",
  /** It was allowed, and nobody answered there. */
  "unreachable",
] as const;
export type EgressDenial = (typeof EGRESS_DENIALS)[number];

/**
 * One line of a hen's egress log. Equal ones within a short window are one line: `count` says how many connections or requests
 * it stands for, and is 0 when it only adds bytes to what an earlier line told of a connection that is still open.
 */
export interface EgressRecord {
  readonly hen_id: HenId;
  readonly at: Instant;
  readonly via: EgressVia;
  /** Canonical; as asked (bounded, printable) where it can't be made canonical; IPv6 in brackets. */
  readonly host: string;
  /** 0 where only a name was asked for (`dns`). */
  readonly port: number;
  readonly method: string | null;
  /** Without the query, which may hold a secret. */
  readonly path: string | null;
  readonly verdict: "allowed" | "denied";
  /** Of a denial. */
  readonly code: EgressDenial | null;
  /** That allowed it, as `api.example.org:443` or `* (open)`. */
  readonly rule: string | null;
  /** Of a denial, words for a person. */
  readonly reason: string | null;
  /** HOST:PORT of the smallest change that would allow it; null where nothing would. */
  readonly allow: string | null;
  /** Connected to; null when nothing was. */
  readonly address: string | null;
  /** From the hen. */
  readonly bytes_up: number;
  /** To the hen. */
  readonly bytes_down: number;
  readonly count: number;
}
