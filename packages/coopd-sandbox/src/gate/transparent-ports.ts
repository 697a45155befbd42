import type { NetworkSpec } from "coopd-core";

/**
 * TCP ports at which the gate catches clients that know no proxy: 80, 443 and every other one that the policy lists, ascending.
 * None under policy off, which has no listeners at all. The proxy's and the name server's own ports are left out.
 */
export function transparentPorts(network: NetworkSpec | null): readonly number[] {
  if (network?.policy === "off") return [];
  const ports = new Set([80, 443, ...(network?.allow.flatMap((rule) => rule.ports) ?? [])]);
  for (const own of GATE_PORTS) ports.delete(own);
  return [...ports].sort((a, b) => a - b);
}

/** Where the proxy listens inside a hen, at 127.0.0.1. */
export const PROXY_PORT = 3128;
/** Where the name server listens inside a hen, at 127.0.0.1, UDP and TCP. */
export const NAME_SERVER_PORT = 53;
const GATE_PORTS = [PROXY_PORT, NAME_SERVER_PORT];
