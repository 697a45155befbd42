import { addressOfHost, type EgressVia } from "coopd-core";
import type { Client } from "./client.ts";
import { converse, pathOf } from "./converse.ts";
import { answerTo, type FirstWords, judgeWords, parseFirstWords } from "./first-words.ts";
import type { Wish } from "./way-book.ts";

/**
 * A connection that was caught on its way. The address that it went to says which name was meant; where it does not, what the
 * client says first must (SNI, Host), or nothing is let out.
 */
export async function serveTransparent(client: Client): Promise<void> {
  const known = hostOf(client);
  // At 80 and 443 the client speaks first, so that a refusal can be said in its words; elsewhere the server may.
  const isEarly = known === null || client.port === 80 || client.port === 443;
  const heard = isEarly ? await client.intake.read((bytes) => parseFirstWords(bytes, client.port)) : undefined;
  if (heard === null) return client.cut();
  const words: FirstWords | undefined =
    heard?.kind === "fault" ? { kind: "bad", carried: "http", fault: heard } : heard;
  const wish = wishOf(client, known, words);
  if (words === undefined) {
    const way = await client.open(wish, () => null);
    return way === null ? undefined : converse(client, way);
  }
  const answer = answerTo(client, words);
  const bad = known === null && wish.host === UNKNOWN ? UNNAMED : judgeWords(words, { ...wish, isHttpOnly: false });
  if (bad !== null) return client.refuse(wish, bad, answer);
  const way = await client.open(wish, answer);
  if (way !== null) await converse(client, way, words);
}

const UNKNOWN = "-";
const UNNAMED = {
  code: "host_invalid",
  rule: null,
  reason: "the connection does not say to which host it wants to go",
  allow: null,
} as const;

function wishOf({ port }: Client, known: string | null, words: FirstWords | undefined): Wish {
  if (words?.kind === "http") {
    const { head } = words;
    const host = known ?? head.authority?.host ?? UNKNOWN;
    return { via: "http", host, port, method: head.method, path: pathOf(head.target) };
  }
  if (words?.kind === "tls") return { via: "tls", host: known ?? words.sni ?? UNKNOWN, port };
  const via: EgressVia = words?.kind === "bad" ? (words.carried === "tls" ? "tls" : "http") : "tcp";
  return { via, host: known ?? UNKNOWN, port };
}

/** The host that the address stands for; null where it stands for none. */
function hostOf({ socket, names, desk, port }: Client): string | null {
  const { localAddress = "" } = socket;
  const name = names.nameOf(localAddress);
  if (name !== undefined) return name;
  if (localAddress.startsWith("127.1.")) return null;
  if (localAddress.startsWith("127.")) return privateHere(desk.network?.allow ?? [], localAddress, port);
  // An address of its own that the namespace was given for a rule that names it.
  return addressOfHost(localAddress) === null ? null : localAddress;
}

type Rules = NonNullable<Client["desk"]["network"]>["allow"];

/** The rule that opens a port of this machine: a hen that goes to its own loopback there means that one. */
function privateHere(rules: Rules, address: string, port: number): string | null {
  const names = address === "127.0.0.1" ? [address, "localhost"] : [address];
  return rules.find((rule) => rule.private && rule.ports.includes(port) && names.includes(rule.host))?.host ?? null;
}
