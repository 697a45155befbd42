import { CoopError } from "../errors/coop-error.ts";
import type { NetRule, NetworkSpec } from "../manifest/manifest.ts";
import { quote } from "../text/quote.ts";
import { addressOfHost, canonicalHost } from "./canonical-host.ts";
import { decideEgress } from "./decide.ts";
import type { EgressRecord } from "./egress.ts";
import { hostPatternFault, matchesHost } from "./host-pattern.ts";
import { judgeAddress } from "./judge-address.ts";
import { isMetadataHost } from "./metadata-host.ts";

/** A host as a rule names it, and a port where one is said. */
export interface HostAndPort {
  /** Canonical, or `*.` before a name. */
  readonly host: string;
  readonly port: number | undefined;
}

/** The port that a rule has when it says none (contract/manifest.md, network). */
export const PORT_DEFAULT = 443;

/** Reads `HOST` or `HOST:PORT`; the host may be `*.` before a name. @throws CoopError `bad_request` */
export function parseHostAndPort(text: string): HostAndPort {
  const [, asked = "", digits] = /^(.*?)(?::(\d{1,5}))?$/s.exec(text) ?? [];
  const isPattern = asked.startsWith("*.");
  const name = canonicalHost(isPattern ? asked.slice(2) : asked);
  const host = name === null ? null : isPattern ? `*.${name}` : name;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === null || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new CoopError("bad_request", `${quote(text)} is no HOST or HOST:PORT, as in api.example.org:443`);
  }
  const fault = host.startsWith("[") ? "is an IPv6 address, which a rule cannot name" : hostPatternFault(host);
  if (fault !== null) throw new CoopError("bad_request", `${quote(host)} ${fault}`);
  return { host, port };
}

/**
 * The smallest change after which the policy lets a host and port out; the same object where it does already. Policy off
 * becomes an allowlist of this one rule.
 * @throws CoopError `policy_denied` for a private host that is not asked for as such, for one that nothing opens, and for a
 * private one under policy open, which would have to close every other host
 */
export function allowHost(
  network: NetworkSpec | null,
  { host, port = PORT_DEFAULT, isPrivate }: HostAndPort & { readonly isPrivate: boolean },
): NetworkSpec | null {
  refusePrivate(host, port, isPrivate);
  if (isAllowed(network, host, port, isPrivate)) return network;
  if (network === null || network.policy === "open") {
    throw new CoopError("policy_denied", `policy open lets out every public host; a private one takes an allowlist`, {
      next: "Write the whole allowlist into the manifest's network block: it closes every host that it does not name.",
    });
  }
  const allow = network.policy === "off" ? [] : network.allow;
  const at = allow.findIndex(
    (rule) => rule.host === host && rule.private === isPrivate && rule.methods === null && rule.paths === null,
  );
  const rule = allow[at] ?? { host, ports: [], private: isPrivate, methods: null, paths: null };
  const wider = { ...rule, ports: [...rule.ports, port] };
  return { policy: "allowlist", allow: at < 0 ? [...allow, wider] : allow.with(at, wider) };
}

/**
 * The policy without what lets a host out, at one port or, without one, at all; the same object where nothing does.
 * @throws CoopError `policy_denied` under policy open, and where a pattern lets it out together with others
 */
export function denyHost(network: NetworkSpec | null, { host, port }: HostAndPort): NetworkSpec | null {
  if (network?.policy === "off") return network;
  if (network === null || network.policy === "open") {
    throw new CoopError("policy_denied", "policy open lets out every public host; one cannot be taken away", {
      next: "Write an allowlist into the manifest's network block: it closes every host that it does not name.",
    });
  }
  const allow = network.allow.flatMap((rule) => without(rule, host, port));
  const covering = allow.find((rule) => matchesHost(rule, host) && (port === undefined || rule.ports.includes(port)));
  if (covering !== undefined && rulesOf(network, host, port).length === 0) {
    throw new CoopError("policy_denied", `${host} is let out by the rule ${covering.host}, with others`, {
      next: `Take that rule away: coop hen deny HEN ${quote(covering.host)}`,
    });
  }
  const isSame = allow.length === network.allow.length && allow.every((rule, index) => rule === network.allow[index]);
  return isSame ? network : { ...network, allow };
}

/** Whether a policy lets out what was denied: then nobody has to answer that denial any more. */
export function isLetOutBy(network: NetworkSpec | null, { allow, host, code }: DeniedPlace): boolean {
  if (allow === null) return false;
  const target = parseHostAndPort(allow);
  return isAllowed(
    network,
    target.host,
    target.port ?? PORT_DEFAULT,
    code === "private_address" || isKnownPrivate(host),
  );
}

/** What of a denied request says which rule would let it out. */
type DeniedPlace = Pick<EgressRecord, "allow" | "host" | "code">;

function rulesOf(network: NetworkSpec, host: string, port: number | undefined): readonly NetRule[] {
  return network.allow.filter((rule) => rule.host === host && (port === undefined || rule.ports.includes(port)));
}

function without(rule: NetRule, host: string, port: number | undefined): readonly NetRule[] {
  if (rule.host !== host || (port !== undefined && !rule.ports.includes(port))) return [rule];
  const ports = port === undefined ? [] : rule.ports.filter((one) => one !== port);
  return ports.length === 0 ? [] : [{ ...rule, ports }];
}

function isAllowed(network: NetworkSpec | null, host: string, port: number, isPrivate: boolean): boolean {
  if (host.startsWith("*.")) {
    if (network === null || network.policy === "open") return true;
    const isPlain = (rule: NetRule) => rule.methods === null && rule.paths === null;
    return network.allow.some((rule) => rule.host === host && rule.ports.includes(port) && isPlain(rule));
  }
  const verdict = decideEgress(network, { host, port });
  return verdict.verdict === "allowed" && !verdict.isHttpOnly && (!isPrivate || verdict.mayBePrivate);
}

/** True for a host that is this machine or its network by its spelling alone: a rule for it must say `private: true`. */
export function isKnownPrivate(host: string): boolean {
  return faultOf(host) !== null || host === "localhost" || host.endsWith(".localhost");
}

function faultOf(host: string): ReturnType<typeof judgeAddress> {
  const address = addressOfHost(host);
  return address === null ? null : judgeAddress(address);
}

/** What is known of a host by its spelling alone; what a name resolves to is judged when it is dialled. */
function refusePrivate(host: string, port: number, isPrivate: boolean): void {
  if (isPrivate && host.startsWith("*.")) {
    throw new CoopError("bad_request", "a private host is named exactly: a pattern never opens one");
  }
  const fault = faultOf(host);
  if (isMetadataHost(host) || fault?.mayBeOpened === false)
    throw new CoopError("policy_denied", `${host} is ${fault?.reason ?? "a metadata service"}; nothing opens it`);
  if (!isKnownPrivate(host) || isPrivate) return;
  const what = fault?.reason ?? "this machine";
  throw new CoopError(
    "policy_denied",
    `${host} is ${what}: the hen would reach what listens on this machine or its network`,
    {
      next: "If that is meant, say so with --private.",
      details: { host, port },
    },
  );
}
