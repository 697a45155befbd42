import type { Server } from "node:net";
import type { HenId, NetworkSpec } from "coopd-core";
import type { Door } from "./door.ts";

/** Who sent a datagram: an address and port inside the hen's namespace. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** A bound UDP socket in the hen's namespace, however it came to the daemon. */
export interface DatagramPort {
  /** Replaces the listener before. */
  onMessage(listener: (bytes: Uint8Array, peer: Peer) => void): void;
  /** Best effort, as UDP is; never throws. */
  send(bytes: Uint8Array, peer: Peer): void;
  close(): void;
}

/**
 * What a hen's namespace hands over: all listening already, made with `allowHalfOpen: true`, without listeners of `connection`.
 * The listener is the hen's identity: whatever arrives at it is that hen's. The seat owns them from then on and closes them.
 */
export interface HenListeners {
  /** 127.0.0.1:3128: CONNECT, absolute-form, SOCKS5. */
  readonly proxy: Server;
  readonly dnsTcp: Server;
  readonly dnsUdp: DatagramPort;
  /** 0.0.0.0:PORT for every port of {@link transparentPorts}. */
  readonly transparent: ReadonlyMap<number, Server>;
}

/** One hen at the gate. */
export interface GateSeat {
  /**
   * Holds at once: open connections that the new policy would not allow are cut, requests under way are decided anew.
   * New listeners replace those before: what is not among the new ones is closed, with the connections that came by it.
   */
  setNetwork(network: NetworkSpec | null, listeners?: HenListeners): void;
  /** Cuts everything and closes the listeners. */
  close(): void;
}

/** The only way out. */
export interface Gate {
  /** A hen sits once; a second seat of the same hen closes the first. */
  seat(parts: {
    readonly henId: HenId;
    readonly network: NetworkSpec | null;
    readonly listeners: HenListeners;
  }): GateSeat;
  readonly door: Door;
  /** Cuts what the hen's tools hold through the door and the new policy would not allow; its seat has its own `setNetwork`. */
  setNetwork(henId: HenId, network: NetworkSpec | null): void;
  close(): Promise<void>;
}
