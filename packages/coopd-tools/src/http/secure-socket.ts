import type { Socket } from "node:net";
import { checkServerIdentity, connect, type TLSSocket } from "node:tls";
import { addressOfHost, CoopError } from "coopd-core";
import type { DoorSocket } from "coopd-sandbox";

/** What {@link secureSocket} needs. */
export interface SecureParts {
  /** Connected already; destroyed with the one that is answered. */
  readonly socket: Socket;
  /** Canonical: the name or address that the certificate must be for. */
  readonly host: string;
  /** Certificates to trust instead of the system's; undefined in every program. */
  readonly roots: string | undefined;
  /** Told of the stream, which alone counts what is sent. */
  readonly meter: DoorSocket["meter"];
}

/**
 * TLS over a socket that is connected: the name in the handshake and in the certificate is the one that was decided on.
 * @throws CoopError `tool_failed` with the fault of the certificate or of the handshake, `cancelled` by the signal's reason
 */
export function secureSocket({ socket, host, roots, meter }: SecureParts, signal: AbortSignal): Promise<TLSSocket> {
  const address = addressOfHost(host);
  const name = address ?? host;
  const secure = connect({
    socket,
    host: name,
    ...(address === null ? { servername: host } : {}), // a server name is never an address (RFC 6066 §3)
    ALPNProtocols: ["http/1.1"],
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    ...(roots === undefined ? {} : { ca: roots }),
  });
  meter(secure);
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const fail = (cause: unknown) => {
    socket.destroy();
    const why = cause instanceof Error ? cause.message : "the connection was closed in its handshake";
    reject(
      signal.aborted
        ? signal.reason
        : new CoopError("tool_failed", `no secure connection to ${host}: ${why}`, { cause }),
    );
  };
  secure.once("secureConnect", () => resolve(secure));
  secure.on("error", fail); // stays: a later error that nobody hears would end the process
  secure.once("close", fail);
  signal.addEventListener("abort", fail, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", fail));
}
