import type { NetRule, NetworkSpec } from "../manifest/manifest.ts";
import { quote } from "../text/quote.ts";
import { addressOfHost, canonicalHost } from "./canonical-host.ts";
import type { EgressDenial } from "./egress.ts";
import { matchesHost } from "./host-pattern.ts";
import { judgeAddress } from "./judge-address.ts";
import { isMetadataHost } from "./metadata-host.ts";
import { isPlainPath, matchesPathPrefix } from "./plain-path.ts";

/** What wants out. */
export interface EgressRequest {
  /** As asked. */
  readonly host: string;
  readonly port: number;
  /** Left out where it is not known; rules then hold host and port only. */
  readonly method?: string;
  /** As sent, without the query. */
  readonly path?: string;
}

/** It may leave, as far as can be told before its name is resolved. */
export interface EgressAllowed {
  readonly verdict: "allowed";
  /** Canonical. */
  readonly host: string;
  readonly rule: string;
  readonly mayBePrivate: boolean;
  /** Every rule that lets it out speaks of methods or paths: what the gate can read and is no request does not pass. */
  readonly isHttpOnly: boolean;
}

/** It may not, and why, in words for a person and for a program. */
export interface EgressRefused {
  readonly verdict: "denied";
  /** Canonical; as asked (bounded, printable) where it can't be made canonical. */
  readonly host: string;
  readonly code: EgressDenial;
  /** The nearest rule; null where none names the host. */
  readonly rule: string | null;
  readonly reason: string;
  /** HOST:PORT of the smallest change that would allow it; null where nothing would. A private one needs `private: true`. */
  readonly allow: string | null;
}

/** What `decideEgress` answers. */
export type EgressVerdict = EgressAllowed | EgressRefused;

/** What policy open is called where a rule is named. */
export const OPEN_RULE = "* (open)";

/**
 * Whether a request may leave, before its name is resolved; `dial()` judges what it resolves to. Always in this order: the host
 * made canonical, the policy, the rules (host, port, method, path), then what is known of the address. A null network is open.
 */
export function decideEgress(network: NetworkSpec | null, request: EgressRequest): EgressVerdict {
  const host = canonicalHost(request.host);
  if (host === null) return refuseHost(request.host);
  const { port } = request;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return { ...refuseHost(host), code: "request_invalid", reason: `port ${port} is not one of 1-65535` };
  }
  const policy = network?.policy ?? "open";
  const refuse = (code: EgressDenial, reason: string, rule: string | null = null): EgressRefused => {
    return { verdict: "denied", host, code, rule, reason, allow: policy === "open" ? null : changeFor(host, port) };
  };
  if (policy === "off") return refuse("policy_off", "the hen's network policy is off");
  const rules = network === null || policy === "open" ? [] : network.allow;
  const found = policy === "open" ? OPEN : findRules(rules, { ...request, host });
  if ("code" in found) return refuse(found.code, found.reason, found.rule);
  const fault = faultOfHost(host);
  if (fault !== null && !(found.mayBePrivate && fault.mayBeOpened)) {
    const next = !fault.mayBeOpened
      ? ""
      : policy === "open"
        ? OPEN_HAS_NO_PRIVATE
        : "; only a rule with private: true opens it";
    return refuse("private_address", `${host} is ${fault.reason}${next}`, found.rule);
  }
  return { verdict: "allowed", host, ...found };
}

/** True when some rule names the host, at whatever port: its name may be asked for. The host is canonical. */
export function mayBeNamed(network: NetworkSpec | null, host: string): boolean {
  const policy = network?.policy ?? "open";
  if (policy === "off") return false;
  if (policy === "open") return faultOfHost(host) === null;
  return network?.allow.some((rule) => rule.ports.length > 0 && matchesHost(rule, host)) ?? false;
}

/** HOST:PORT of a rule that would let a host out; null for what no rule can open or name. The host is canonical. */
export function changeFor(host: string, port: number): string | null {
  // A manifest's rule cannot name an IPv6 address (contract/manifest.md, network).
  if (host.startsWith("[") || faultOfHost(host)?.mayBeOpened === false) return null;
  return `${host}:${port}`;
}

const OPEN = { rule: OPEN_RULE, mayBePrivate: false, isHttpOnly: false } as const;
const OPEN_HAS_NO_PRIVATE =
  "; policy open reaches public hosts only, a private one takes policy allowlist and private: true";

type Found = Pick<EgressAllowed, "rule" | "mayBePrivate" | "isHttpOnly">;
type Missed = Pick<EgressRefused, "code" | "reason" | "rule">;

/** The rules that let it out, as one; or how near the nearest comes. */
function findRules(rules: readonly NetRule[], request: EgressRequest): Found | Missed {
  const { host, port, method, path } = request;
  const naming = rules.filter((rule) => matchesHost(rule, host));
  const listed = naming.filter((rule) => rule.ports.includes(port));
  const [near] = listed.length > 0 ? listed : naming;
  if (near === undefined) return { code: "no_rule", reason: `no rule names ${host}`, rule: null };
  const miss = (code: EgressDenial, reason: string): Missed => ({ code, reason, rule: describeRule(near) });
  if (listed.length === 0) return miss("port_not_listed", `${describeRule(near)} does not list port ${port}`);
  const spoken =
    method === undefined ? listed : listed.filter((rule) => rule.methods?.some((one) => one === method) ?? true);
  if (spoken.length === 0) return miss("method_not_listed", `no rule for ${host}:${port} lists ${quote(method ?? "")}`);
  const open = path === undefined ? spoken : spoken.filter((rule) => takesPath(rule, path));
  const [first] = open;
  if (first === undefined)
    return miss("path_not_listed", `no rule for ${host}:${port} lists the path ${quote(path ?? "")}`);
  return {
    rule: describeRule(first, port),
    mayBePrivate: open.some((rule) => rule.private && rule.host === host), // a pattern never opens a private host
    isHttpOnly: open.every((rule) => rule.methods !== null || rule.paths !== null),
  };
}

function takesPath(rule: NetRule, path: string): boolean {
  if (rule.paths === null) return true;
  return isPlainPath(path) && rule.paths.some((prefix) => matchesPathPrefix(prefix, path));
}

/** As `api.example.org:443`; several ports with commas. */
function describeRule(rule: NetRule, port?: number): string {
  return `${rule.host}:${port ?? rule.ports.join(",")}`;
}

/** True for `localhost` and names below it, which mean this machine (RFC 6761 §6.3). The host is canonical. */
export function isLocalName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

/** What is known of a host before it is resolved. */
function faultOfHost(host: string): ReturnType<typeof judgeAddress> {
  const address = addressOfHost(host);
  if (address !== null) return judgeAddress(address);
  if (isMetadataHost(host)) return { reason: "a cloud's metadata service", mayBeOpened: false };
  return isLocalName(host) ? { reason: "this machine", mayBeOpened: true } : null;
}

function refuseHost(asked: string): EgressRefused {
  const host = printable(asked);
  const reason = `${quote(asked)} is no host name or address, or one that readers take differently`;
  return { verdict: "denied", host, code: "host_invalid", rule: null, reason, allow: null };
}

/** Room for the longest name; what can't be printed is a question mark. */
const SHOWN_MAX = 255;

/** A host for a log: canonical, or as asked, cut and with question marks for what can't be printed. */
export function showHost(asked: string): string {
  return canonicalHost(asked) ?? printable(asked);
}

function printable(text: string): string {
  return text.slice(0, SHOWN_MAX).replace(/[^\x21-\x7e]/g, "?");
}
