import type { EgressRefusal } from "../dial/refusal.ts";
import type { Client } from "./client.ts";
import type { Way } from "./desk.ts";
import { exchange } from "./exchange.ts";
import { answerTo, type FirstWords, judgeWords, parseFirstWords } from "./first-words.ts";

/**
 * A way is open: what the server says goes to the hen at once, for some servers speak first. What the hen says is looked at: TLS must
 * name the host that was let out, a request is forwarded as one, anything else is carried as it is.
 */
export async function converse(client: Client, way: Way, said?: FirstWords): Promise<void> {
  client.settle();
  client.carry(way.socket, client.socket);
  const heard = said ?? (await client.intake.read((bytes) => parseFirstWords(bytes, way.port)));
  if (client.signal.aborted) return;
  const words = toWords(heard);
  const bad = judgeWords(words, { host: way.host, port: way.port, isHttpOnly: way.verdict.isHttpOnly });
  if (bad !== null) {
    way.refuse(bad);
    return say(client, way, words, bad);
  }
  if (words.kind !== "http") {
    client.carry(client.socket, way.socket, client.intake.release());
    return;
  }
  const refusal = way.narrow({ method: words.head.method, path: pathOf(words.head.target) });
  if (refusal === null) exchange(client, way, words.head);
  else say(client, way, words, refusal);
}

/** A target without its query, which may hold a secret. */
export function pathOf(target: string): string {
  return target.replace(/\?.*$/, "");
}

/** Said all without being a request or TLS: carried as it is. Too many pieces: as a bad request. */
function toWords(heard: FirstWords | null | { readonly kind: "fault" }): FirstWords {
  if (heard === null) return { kind: "raw" };
  if (heard.kind === "fault") return { kind: "bad", carried: "http", fault: heard as never };
  return heard;
}

/** The refusal in the client's protocol; a reset where the server has spoken already. */
function say(client: Client, way: Way, words: FirstWords, refusal: EgressRefusal): void {
  client.end(way.socket.bytesRead === 0 ? answerTo(client, words)(refusal) : null);
}
