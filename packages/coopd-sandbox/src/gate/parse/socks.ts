import { type Fault, fault, MORE, type More } from "./fault.ts";

/** What a client offers (RFC 1928 §3). */
export interface SocksGreeting {
  readonly kind: "greeting";
  /** It can do without logging in; the gate asks for nothing else, for the listener says which hen it is. */
  readonly offersNone: boolean;
  readonly length: number;
}

/** What a client wants (RFC 1928 §4): CONNECT only. */
export interface SocksRequest {
  readonly kind: "request";
  /** As sent, an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly length: number;
}

/** Replies of RFC 1928 §6. */
export const SOCKS_REPLIES = {
  succeeded: 0,
  general: 1,
  not_allowed: 2,
  host_unreachable: 4,
  command_unknown: 7,
  address_unknown: 8,
} as const;

/** One of the replies; the bound address is left at zero, for it would say something about the host. */
export function socksReply(reply: keyof typeof SOCKS_REPLIES): Uint8Array {
  return Uint8Array.of(5, SOCKS_REPLIES[reply], 0, 1, 0, 0, 0, 0, 0, 0);
}

/** `05 n method*n` */
export function parseSocksGreeting(bytes: Uint8Array): SocksGreeting | Fault | More {
  if (bytes.length < 1) return MORE;
  if (bytes[0] !== 5) return fault("speaks a SOCKS other than version 5");
  const count = bytes[1];
  if (count === undefined) return MORE;
  if (count === 0) return fault("offers no way to log in");
  if (bytes.length < 2 + count) return MORE;
  return { kind: "greeting", offersNone: bytes.subarray(2, 2 + count).includes(0), length: 2 + count };
}

/** A request that is none, with the reply that says so. */
export interface SocksFault extends Fault {
  readonly reply: keyof typeof SOCKS_REPLIES;
}

/** `05 command 00 type address port` */
export function parseSocksRequest(bytes: Uint8Array): SocksRequest | SocksFault | More {
  const [version, command, reserved, type, first] = bytes;
  const refuse = (reply: SocksFault["reply"], reason: string): SocksFault => ({ ...fault(reason), reply });
  if (version === undefined) return MORE;
  if (version !== 5) return refuse("general", "changes its SOCKS version");
  if (command === undefined) return MORE;
  if (command !== 1) return refuse("command_unknown", "is a SOCKS BIND or UDP ASSOCIATE; the gate does CONNECT only");
  if (reserved === undefined) return MORE;
  if (reserved !== 0) return refuse("general", "has a reserved byte that is not zero");
  if (type === undefined) return MORE;
  if (type !== 1 && type !== 3 && type !== 4)
    return refuse("address_unknown", "has an address of a kind that is not known");
  if (type === 3 && first === undefined) return MORE;
  if (type === 3 && first === 0) return refuse("general", "has an empty host name");
  const start = type === 3 ? 5 : 4;
  const end = start + (type === 1 ? 4 : type === 4 ? 16 : (first ?? 0));
  if (bytes.length < end + 2) return MORE;
  const address = bytes.subarray(start, end);
  const port = ((bytes[end] ?? 0) << 8) | (bytes[end + 1] ?? 0);
  return { kind: "request", host: showAddress(address, type), port, length: end + 2 };
}

function showAddress(address: Uint8Array, type: number): string {
  if (type === 1) return address.join(".");
  if (type === 3) return Buffer.from(address).toString("latin1");
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((address[2 * index] ?? 0) << 8) | (address[2 * index + 1] ?? 0),
  );
  return groups.map((group) => group.toString(16)).join(":");
}
