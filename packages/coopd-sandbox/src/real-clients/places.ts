/** The world of the test: a network with one server machine, whose addresses look public and are reached by nobody else. */
export const WORLD = {
  /** The host's side. */
  host: "45.33.32.1",
  /** What the policy lists lies here. */
  listed: "45.33.32.10",
  unlisted: "45.33.32.11",
} as const;

/** The host's /etc/hosts while the test runs: names are made out by the daemon alone. */
export const HOSTS = [
  `${WORLD.listed} www.b.test git.b.test registry.b.test raw.b.test`,
  `${WORLD.unlisted} denied.c.test`,
  "127.0.0.1 localhost rebind.b.test",
  "10.0.0.5 lan.b.test",
].join("\n");

/** Ports of the server machine. */
export const PORTS = { http: 80, https: 443, otherHttps: 8443, raw: 2222, unlistedRaw: 9999, datagrams: 443 } as const;

/** What the raw servers say to whoever connects, and the datagram server to whoever asks. */
export const GREETING = "greetings";
