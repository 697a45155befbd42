import { isUtf8 } from "node:buffer";
import { CoopError } from "coopd-core";
import { Secret } from "../secret/secret.ts";
import { JsonBytes, JsonFault, quotedLength, toText, writeQuoted } from "./json-bytes.ts";
import { unsound } from "./sealed-file.ts";

/** What is sealed: secrets by name, and the hosts that each may be sent to where somebody bound it. */
export interface Contents {
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly hosts: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads the sealed plaintext, `{"secrets":{…},"hosts":{…}}`. The original knows only `secrets`; other keys are ignored.
 * Each value goes from bytes into a Secret, never through a string. Whoever reads them closes them.
 * @throws CoopError `vault_refused` without a word of what stands there
 */
export function parseContents(plaintext: Uint8Array): Contents {
  const secrets = new Map<string, Secret>();
  const hosts = new Map<string, readonly string[]>();
  const json = new JsonBytes(plaintext);
  let isSeen = false;
  try {
    json.object((key) => {
      if (key === "secrets") {
        isSeen = true;
        json.object((name) => {
          secrets.get(name)?.close();
          secrets.set(name, new Secret(toUtf8(json.string())));
        });
      } else if (key === "hosts") json.object((name) => void hosts.set(name, readTexts(json)));
      else json.skip();
    });
    json.end();
    if (!isSeen) throw new JsonFault("expected secrets");
    return { secrets, hosts };
  } catch (error) {
    for (const secret of secrets.values()) secret.close();
    if (error instanceof JsonFault) throw unsound("was opened, but what is in it is no list of secrets");
    throw error;
  }
}

/** The plaintext to seal, names in order, compact; whoever asked overwrites it. Without hosts it is the original's very form. */
export function formatContents({ secrets, hosts }: Contents): Uint8Array {
  const tail = hosts.size === 0 ? "" : `,"hosts":${JSON.stringify(Object.fromEntries([...hosts].sort(byName)))}`;
  const rows = [...secrets].sort(byName).map(([name, secret]) => ({ name: Buffer.from(name), secret }));
  let length = '{"secrets":{'.length + Math.max(0, rows.length - 1) + Buffer.byteLength(`}${tail}}`);
  for (const { name, secret } of rows) length += quotedLength(name) + 1 + secret.lend(quotedLength);
  const out = new Uint8Array(length);
  let at = writeText(out, 0, '{"secrets":{');
  for (const [index, { name, secret }] of rows.entries()) {
    if (index > 0) at = writeText(out, at, ",");
    at = writeText(out, writeQuoted(name, out, at), ":");
    at = secret.lend((bytes) => writeQuoted(bytes, out, at));
  }
  writeText(out, at, `}${tail}}`);
  return out;
}

function readTexts(json: JsonBytes): readonly string[] {
  const texts: string[] = [];
  json.array(() => void texts.push(toText(json.string())));
  return texts;
}

function toUtf8(bytes: Uint8Array): Uint8Array {
  if (isUtf8(bytes)) return bytes;
  bytes.fill(0);
  throw new JsonFault("expected UTF-8");
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function writeText(out: Uint8Array, at: number, text: string): number {
  const { written, read } = new TextEncoder().encodeInto(text, out.subarray(at));
  if (read !== text.length) throw new CoopError("internal", "the vault's contents were measured wrongly");
  return at + written;
}
