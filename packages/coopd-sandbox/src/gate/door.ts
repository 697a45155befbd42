import type { Socket } from "node:net";
import type { EgressVia, HenId, NetworkSpec } from "coopd-core";

/** Who asks for a way out, and where to. */
export interface DoorRequest {
  readonly henId: HenId;
  readonly network: NetworkSpec | null;
  /** As asked; the door makes it canonical. IPv6 with or without brackets. */
  readonly host: string;
  readonly port: number;
  readonly via: EgressVia;
  /** In upper case. Left out where it is not known; rules then hold host and port only. */
  readonly method?: string;
  /** Path as sent, without the query. */
  readonly path?: string;
}

/** A way out. Whoever asked for it destroys the socket; the door then records its bytes. */
export interface DoorSocket {
  readonly socket: Socket;
  /** Canonical: what SNI and Host must say. */
  readonly host: string;
  readonly address: string;
  readonly rule: string;
  /** To be told of a TLS stream over the socket: under Bun 1.4.5 the socket beneath does not count what is written, the stream does. */
  readonly meter: (secure: { readonly bytesWritten: number }) => void;
}

/** Decision, dial and record in one, for the gate and for the http tool: SSRF is answered once. */
export interface Door {
  /**
   * Refusals are recorded before they are thrown. The socket is cut when the hen's policy changes so that it would not be
   * allowed any more.
   * @throws CoopError `policy_denied`, and `unreachable` for what was allowed and nobody answered, both with an `EgressRefusal`
   * as `details`; `cancelled`
   */
  connect(request: DoorRequest, signal: AbortSignal): Promise<DoorSocket>;
}
