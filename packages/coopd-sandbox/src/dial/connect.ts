import net, { type Socket } from "node:net";
import { CoopError, formatIp, parseIp } from "coopd-core";

/** What a connect may take. A server on the other side of the earth answers within a second. */
export const CONNECT_MS_MAX = 5_000;

/**
 * Connects to an address, never to a name, and looks at where the socket really went. Half-open is kept: a side that has said
 * all may still listen. The caller destroys the socket.
 * @throws the system's error; CoopError `timeout`, `internal`; the signal's reason
 */
export function connectTo(
  address: string,
  port: number,
  signal: AbortSignal,
  timeoutMs = CONNECT_MS_MAX,
): Promise<Socket> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const family = address.includes(":") ? 6 : 4;
  const socket = net.connect({
    host: address,
    port,
    family,
    autoSelectFamily: false,
    allowHalfOpen: true,
    noDelay: true,
  });
  const fail = (error: unknown) => {
    settle();
    socket.on("error", () => {}); // what still comes of it concerns nobody
    socket.destroy();
    reject(error);
  };
  const timer = setTimeout(
    () => fail(new CoopError("timeout", `${address} did not answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const abort = () => fail(signal.reason);
  const closed = () => fail(new CoopError("unreachable", `${address} closed before it was connected`));
  const settle = () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    socket.off("error", fail).off("close", closed);
  };
  signal.addEventListener("abort", abort, { once: true });
  socket.once("error", fail).once("close", closed);
  socket.once("connect", () => {
    const { remoteAddress = "" } = socket;
    if (!isSame(remoteAddress, address)) {
      return fail(new CoopError("internal", `a socket for ${address} went to ${remoteAddress || "nowhere"}`));
    }
    settle();
    resolve(socket);
  });
  return promise;
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [parseIp(one), parseIp(other)];
  return first !== null && second !== null && formatIp(first) === formatIp(second);
}
