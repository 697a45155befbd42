import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { formatSealedFile, parseSealedFile } from "../file/sealed-file.ts";
import type { createRandom } from "./random.ts";

type Random = ReturnType<typeof createRandom>;

/** A vault file that is whole, and the key that opens it. */
export interface Original {
  readonly bytes: Uint8Array;
  readonly key: Uint8Array;
}

/** One hostile file: bytes changed, cut, doubled, other JSON in place of it, or a hostile plaintext sealed in good order. */
export function mutate(original: Original, random: Random): { readonly kind: string; readonly bytes: Uint8Array } {
  const kinds = Object.keys(KINDS);
  const kind = kinds[random.below(kinds.length)] ?? "flip";
  return { kind, bytes: (KINDS[kind] as Mutation)(original, random) };
}

type Mutation = (original: Original, random: Random) => Uint8Array;

const KINDS: Readonly<Record<string, Mutation>> = {
  flip({ bytes }, random) {
    const out = bytes.slice();
    for (let count = 1 + random.below(4); count > 0; count -= 1) out[random.below(out.length)] = random.below(256);
    return out;
  },
  cut: ({ bytes }, random) => bytes.slice(0, random.below(bytes.length)),
  insert({ bytes }, random) {
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(40)), bytes.subarray(at)]);
  },
  double({ bytes }, random) {
    const at = random.below(bytes.length);
    const part = bytes.subarray(at, at + 1 + random.below(200));
    return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  },
  noise: (_, random) => random.bytes(random.below(600)),
  nested: (_, random) => Buffer.from("[{".charAt(random.below(2)).repeat(1 + random.below(200_000))),
  field({ bytes }, random) {
    const file = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const name = ["version", "salt", "nonce", "ciphertext"][random.below(4)] ?? "salt";
    if (random.below(4) === 0) delete file[name];
    else file[name] = ODD_VALUES[random.below(ODD_VALUES.length)];
    return Buffer.from(JSON.stringify(file));
  },
  length({ bytes }, random) {
    const file = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>;
    const name = ["salt", "nonce", "ciphertext"][random.below(3)] ?? "salt";
    const size = random.below(80);
    file[name] = (file[name] ?? "").slice(0, size) + "ab".repeat(random.below(40));
    return Buffer.from(JSON.stringify(file, null, 2));
  },
  plaintext({ bytes, key }, random) {
    const { salt, nonce } = parseSealedFile(bytes);
    const plain = random.below(3) === 0 ? random.bytes(random.below(200)) : mutateText(random);
    return formatSealedFile({ salt, nonce, ciphertext: xchacha20poly1305(key, nonce).encrypt(plain) });
  },
};

const ODD_VALUES: readonly unknown[] = [
  ...[0, 2, -1, 1.5, 1e99, true, null, "1", "", "zz", "0x00", [], {}, [1], { __proto__: 1 }, "é", "00 00", "🐔"],
  "00".repeat(31),
  "00".repeat(33),
  "00".repeat(100_000),
];

const TEXTS: readonly string[] = [
  '{"secrets":{"a":"1","b":"2"},"hosts":{"a":["api.example.com"]}}',
  '{"secrets":{"a":1}}',
  '{"secrets":[]}',
  '{"hosts":{}}',
  '{"secrets":{"a":"\\ud800"}}',
  '{"secrets":{"a":"\\u12"}}',
  '{"secrets":{"__proto__":"x","constructor":"y"},"hosts":{"__proto__":["h"]}}',
  '{"secrets":{"a":"x"},"hosts":{"a":"not a list"}}',
  `{"secrets":{},"x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
  `{"secrets":{"${"n".repeat(5_000)}":"x"}}`,
  "null",
  "{}",
  '"secrets"',
];

function mutateText(random: Random): Uint8Array {
  const out = new Uint8Array(Buffer.from(TEXTS[random.below(TEXTS.length)] ?? ""));
  if (random.below(2) === 0) return out;
  const at = random.below(out.length);
  out[at] = random.below(256);
  return random.below(2) === 0 ? out : out.slice(0, at);
}
