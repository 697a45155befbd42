import type { Socket } from "node:net";
import { type AddressFault, addressOfHost, CoopError, changeFor, judgeAddress, quote } from "coopd-core";
import { connectTo } from "./connect.ts";
import { createOwnAddresses } from "./own-addresses.ts";
import { type EgressRefusal, refuseEgress } from "./refusal.ts";
import { createResolver, type Resolve } from "./resolver.ts";

/** Where to. */
export interface DialTarget {
  /** Canonical, as `canonicalHost` gives it. */
  readonly host: string;
  readonly port: number;
  /** A rule with `private: true` names exactly this host and port: loopback and private addresses are reached too. */
  readonly mayBePrivate: boolean;
}

/** A connected socket and the address it was judged by. Whoever asked for it destroys the socket. */
export interface Dialled {
  readonly socket: Socket;
  readonly address: string;
}

/**
 * The one outbound socket: resolves once, judges every address, connects to a judged one, checks the socket's remote address.
 * @throws CoopError `policy_denied`, `unreachable`, both with an {@link EgressRefusal} as `details`; `cancelled`
 */
export type Dial = (target: DialTarget, signal: AbortSignal) => Promise<Dialled>;

/** What a dial is made of; all of it has a default that holds. */
export interface DialParts {
  readonly resolve?: Resolve;
  /** For tests on loopback only; no configuration reaches it. */
  readonly judge?: (address: string) => AddressFault | null;
  /** True for addresses of this host's own interfaces. */
  readonly isOwnAddress?: (address: string) => boolean;
  /** Ports at which the daemon itself listens on this host: never reached, whatever a rule says. */
  readonly ownPorts?: () => readonly number[];
  /** Of one address. */
  readonly connectMsMax?: number;
}

/** A name with more addresses than this is tried at the first ones only. */
const ADDRESSES_TRIED_MAX = 4;

/** The one way to make a {@link Dial}; control G3 of docs/security.md. */
export function createDial(parts: DialParts = {}): Dial {
  const resolve = parts.resolve ?? createResolver();
  const isOwn = parts.isOwnAddress ?? createOwnAddresses();
  const judgeOne = parts.judge ?? judgeAddress;
  const judge = (address: string): AddressFault | null => {
    return judgeOne(address) ?? (isOwn(address) ? { reason: "this host's own address", mayBeOpened: true } : null);
  };

  return async (target, signal) => {
    const { host, port } = target;
    const refuse = (code: EgressRefusal["code"], reason: string, allow: string | null, cause?: unknown) =>
      refuseEgress({ code, rule: null, reason, allow }, cause);
    const addresses = await addressesOf(target, resolve, signal);
    for (const address of addresses) {
      const fault = judge(address);
      if (fault === null) continue;
      const place = address === addressOfHost(host) ? host : `${host} resolves to ${address}, which`;
      if (!fault.mayBeOpened) throw refuse("private_address", `${place} is ${fault.reason}; nothing opens it`, null);
      const isHere = isOwn(address) || address === "::1" || address.startsWith("127.");
      if (isHere && parts.ownPorts?.().includes(port))
        throw refuse("private_address", `${place} is coopd itself at port ${port}; nothing opens it`, null);
      if (!target.mayBePrivate) {
        throw refuse(
          "private_address",
          `${place} is ${fault.reason}; only a rule with private: true opens it`,
          changeFor(host, port),
        );
      }
    }
    return tryEach(target, addresses, signal, parts.connectMsMax);
  };
}

async function addressesOf(
  { host, port }: DialTarget,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const literal = addressOfHost(host);
  if (literal !== null) return [literal];
  const unresolved = (reason: string, cause?: unknown) => {
    return refuseEgress({ code: "name_unresolved", rule: null, reason, allow: null }, cause);
  };
  let addresses: readonly string[];
  try {
    addresses = await resolve(host, signal);
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    if (error instanceof CoopError && error.code === "limit_reached") {
      throw refuseEgress({ code: "quota", rule: null, reason: error.message, allow: null }, error);
    }
    throw unresolved(
      `${host} could not be looked up: ${quote(error instanceof Error ? error.message : String(error))}`,
      error,
    );
  }
  if (addresses.length === 0) throw unresolved(`there is no host ${host} (asked for port ${port})`);
  return addresses;
}

async function tryEach(
  { host, port }: DialTarget,
  addresses: readonly string[],
  signal: AbortSignal,
  timeoutMs?: number,
): Promise<Dialled> {
  let last: unknown;
  for (const address of addresses.slice(0, ADDRESSES_TRIED_MAX)) {
    try {
      return { socket: await connectTo(address, port, signal, timeoutMs), address };
    } catch (error) {
      if (signal.aborted) throw cancelled(signal);
      if (error instanceof CoopError && error.code === "internal") throw error;
      last = error;
    }
  }
  const why = last instanceof CoopError ? last.message : ((last as NodeJS.ErrnoException)?.code ?? String(last));
  throw refuseEgress(
    { code: "unreachable", rule: null, reason: `${host}:${port} does not answer: ${why}`, allow: null },
    last,
  );
}

function cancelled(signal: AbortSignal): CoopError {
  return new CoopError("cancelled", "the connection was given up while it was made", { cause: signal.reason });
}
