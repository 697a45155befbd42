import { hostname, networkInterfaces } from "node:os";

/** Where the farm can be opened (contract/http-api.md §7). */
export interface FarmLocation {
  readonly hostname: string;
  readonly bound_addr: string;
  readonly loopback_only: boolean;
  readonly urls: readonly { readonly label: string; readonly url: string; readonly scope: "local" | "lan" }[];
}

/** `address` is `HOST:PORT` as bound. Names and addresses of this machine are read when asked: they change. */
export function findLocation(address: string): FarmLocation {
  const port = address.slice(address.lastIndexOf(":") + 1);
  const host = address.slice(0, address.lastIndexOf(":"));
  const name = hostname();
  const loopback = { label: "Loopback", url: `http://127.0.0.1:${port}/`, scope: "local" } as const;
  const isLoopback = host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
  if (isLoopback) return { hostname: name, bound_addr: address, loopback_only: true, urls: [loopback] };
  const named = name === "" || name === "localhost" ? [] : [lan(`Hostname (${name})`, name, port)];
  const isEverywhere = host === "0.0.0.0" || host === "[::]";
  const addresses = Object.entries(networkInterfaces()).flatMap(([card, list = []]) =>
    list
      .filter(({ family, internal, address: ip }) => family === "IPv4" && !internal && !ip.startsWith("169.254."))
      .filter(({ address: ip }) => isEverywhere || ip === host)
      .map(({ address: ip }) => lan(`${card} (${ip})`, ip, port)),
  );
  return { hostname: name, bound_addr: address, loopback_only: false, urls: [loopback, ...named, ...addresses] };
}

function lan(label: string, host: string, port: string) {
  return { label, url: `http://${host}:${port}/`, scope: "lan" } as const;
}
