import { canonicalHost, decideEgress } from "coopd-core";
import { parseFirstWords } from "../first-words.ts";
import { parseClientHello } from "../parse/client-hello.ts";
import { parseDnsQuery, writeDnsAnswer, writeDnsFault } from "../parse/dns-message.ts";
import { parseSocksGreeting, parseSocksRequest } from "../parse/socks.ts";
import { dnsQuery } from "./dns-query.ts";
import type { FuzzCount } from "./fuzz-requests.ts";
import { clientHello, helloMessage, record, serverName } from "./hellos.ts";

type Random = (below: number) => number;

const HELLOS: readonly Uint8Array[] = [
  clientHello({
    sni: "api.a.test",
    extensions: [
      [10, [0, 2, 0, 29]],
      [0xfe0d, [1, 2, 3, 4]],
    ],
  }),
  clientHello({ sni: "a.test" }),
  clientHello({ extensions: [[0, serverName("a.test", "b.test")]] }),
  clientHello({ sni: "a.test", extensions: [[0, serverName("b.test")]] }),
  clientHello({ withoutExtensions: true }),
  Buffer.concat([
    record(helloMessage({ sni: "split.a.test" }).slice(0, 30)),
    record(helloMessage({ sni: "split.a.test" }).slice(30)),
  ]),
];
const QUERIES: readonly Uint8Array[] = [
  dnsQuery("a.test"),
  dnsQuery("x.y.z.example.org", 28),
  dnsQuery(`${"a".repeat(63)}.test`, 65),
];
const SOCKS: readonly Uint8Array[] = [
  Uint8Array.from([5, 1, 0, 3, 6, ...Buffer.from("a.test"), 1, 187]),
  Uint8Array.from([5, 1, 0, 1, 8, 8, 8, 8, 0, 80]),
  Uint8Array.from([5, 1, 0, 4, ...Array<number>(16).fill(1), 0, 80]),
  Uint8Array.from([5, 2, 0, 2]),
];

/** ClientHellos: a name is only read when every other way to look for one finds it too, and no other. */
export function fuzzHellos(rounds: number, random: Random): FuzzCount {
  return run(rounds, random, HELLOS, (bytes) => {
    const found = parseClientHello(bytes);
    parseFirstWords(bytes, 443);
    if (found.kind !== "hello") return false;
    const names = searchNames(bytes);
    if (found.sni === null ? names.length > 0 : names.length !== 1 || names[0] !== found.sni) {
      throw new Error(`read ${found.sni}, and there is ${JSON.stringify(names)}`);
    }
    return true;
  });
}

/** DNS: every query gets an answer that repeats its question, or a code, or none. */
export function fuzzQueries(rounds: number, random: Random): FuzzCount {
  return run(rounds, random, QUERIES, (bytes) => {
    const query = parseDnsQuery(bytes);
    if (query === null) return false;
    if ("rcode" in query) {
      if (writeDnsFault(query).length !== 12) throw new Error("a fault is not a header");
      return false;
    }
    const answer = writeDnsAnswer(query, "ok", [127, 1, 0, 1]);
    if (Buffer.compare(answer.slice(12, 12 + query.raw.length), query.raw) !== 0)
      throw new Error("the question is another one");
    canonicalHost(query.name);
    return true;
  });
}

/** SOCKS: a request is read from exactly the bytes that it says it has. */
export function fuzzSocks(rounds: number, random: Random): FuzzCount {
  return run(rounds, random, SOCKS, (bytes) => {
    parseSocksGreeting(bytes);
    const request = parseSocksRequest(bytes);
    if (request.kind !== "request") return false;
    const short = parseSocksRequest(bytes.subarray(0, request.length - 1));
    if (short.kind !== "more") throw new Error("less than the request is read as something");
    const verdict = decideEgress(null, request);
    if (verdict.verdict === "allowed" && canonicalHost(verdict.host) !== verdict.host)
      throw new Error("a host is let out that is not canonical");
    return true;
  });
}

function run(
  rounds: number,
  random: Random,
  seeds: readonly Uint8Array[],
  judge: (bytes: Uint8Array) => boolean,
): FuzzCount {
  let taken = 0;
  for (let round = 0; round < rounds; round += 1) {
    const bytes = mutate(seeds[random(seeds.length)] ?? new Uint8Array(), random);
    try {
      if (judge(bytes)) taken += 1;
    } catch (error) {
      throw new Error(`round ${round}: ${(error as Error).message}\n${Buffer.from(bytes).toString("hex")}`, {
        cause: error,
      });
    }
  }
  return { inputs: rounds, taken };
}

function mutate(seed: Uint8Array, random: Random): Uint8Array {
  let bytes = [...seed];
  for (let count = random(4); count > 0; count -= 1) {
    const at = random(bytes.length + 1);
    const kind = random(5);
    if (kind === 0) bytes[at] = random(256);
    else if (kind === 1) bytes[at] = ((bytes[at] ?? 0) + (random(2) === 0 ? 1 : 255)) & 0xff;
    else if (kind === 2) bytes = [...bytes.slice(0, at), ...bytes.slice(at + random(8))];
    else if (kind === 3)
      bytes = [...bytes.slice(0, at), ...Array.from({ length: random(6) }, () => random(256)), ...bytes.slice(at)];
    else bytes = [...bytes.slice(0, at), ...bytes.slice(at, at + random(20)), ...bytes.slice(at)];
  }
  return Uint8Array.from(bytes, (byte) => byte ?? 0);
}

/** Looks for server names without checking anything: by walking the extensions, as a careless server does. */
function searchNames(bytes: Uint8Array): readonly string[] {
  const message: number[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    message.push(...bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  message.length = Math.min(
    message.length,
    4 + (((message[1] ?? 0) << 16) | ((message[2] ?? 0) << 8) | (message[3] ?? 0)),
  );
  const two = (at: number) => ((message[at] ?? 0) << 8) | (message[at + 1] ?? 0);
  let at = 4 + 2 + 32;
  at += 1 + (message[at] ?? 0);
  at += 2 + two(at);
  at += 1 + (message[at] ?? 0);
  const end = Math.min(message.length, at + 2 + two(at));
  const names: string[] = [];
  for (at += 2; at + 4 <= end; at += 4 + two(at + 2)) {
    if (two(at) !== 0) continue;
    const stop = at + 4 + two(at + 2);
    for (let name = at + 6; name + 3 <= stop; name += 3 + two(name + 1)) {
      names.push(Buffer.from(message.slice(name + 3, name + 3 + two(name + 1))).toString("latin1"));
    }
  }
  return names;
}
