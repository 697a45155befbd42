import type { Socket } from "node:net";

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
 * @throws CoopError `policy_denied` with `details` as of an {@link EgressRefusal}, `unreachable`, `cancelled`
 */
export type Dial = (target: DialTarget, signal: AbortSignal) => Promise<Dialled>;
