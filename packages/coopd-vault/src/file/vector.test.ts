import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { argon2id } from "hash-wasm";
import { deriveKey } from "../kdf/derive-key.ts";
import { Secret } from "../secret/secret.ts";
import { openByOthers, sealByOthers } from "../testing/other-libraries.ts";
import { makeFolder } from "../testing/vault-folder.ts";
import { Vault } from "../vault/vault.ts";
import { seal, unseal } from "./seal.ts";
import { formatSealedFile, parseSealedFile } from "./sealed-file.ts";

setDefaultTimeout(60_000); // a loaded machine is slow, and time is not what is tested

const PASSPHRASE = "correct horse battery staple";
const KEY = "6ed12d7d594a6ae56c7ad1725982ae0d41317bd2b239dd1e0916d913d4da0757";
const SALT = Uint8Array.from({ length: 32 }, (_, i) => i);
const NONCE = Uint8Array.from({ length: 24 }, (_, i) => i);
const CIPHERTEXT =
  "2a67be4f24178285a7883454c408db5530370a6f0cb413c6cf1bcb7eef2bb3d315a330d1c77294fba47e04d7c6b4ddf734015161d962d5c1dd03c6b8e0b6645b";
const FILE = `{
  "version": 1,
  "salt": "${Buffer.from(SALT).toString("hex")}",
  "nonce": "${Buffer.from(NONCE).toString("hex")}",
  "ciphertext": "${CIPHERTEXT}"
}`;

const folder = makeFolder();
afterAll(() => folder.remove());

test("the contract's vector: the key is derived, in a thread of its own", async () => {
  const key = await deriveKey(new Secret(PASSPHRASE), SALT);
  expect(Buffer.from(key).toString("hex")).toBe(KEY);
});

test("the contract's vector opens, and the same secrets are sealed into the very same file", () => {
  const key = new Uint8Array(Buffer.from(KEY, "hex"));
  const contents = unseal(parseSealedFile(Buffer.from(FILE)), key);
  expect([...contents.secrets].map(([name, secret]) => [name, secret.reveal()])).toEqual([
    ["byok-anthropic", "sk-ant-test-123"],
  ]);
  expect(new TextDecoder().decode(formatSealedFile(seal(contents, key, SALT, NONCE)))).toBe(FILE);
});

test("a vault of the original is opened as a file, with hexadecimal in capitals too", async () => {
  for (const [name, text] of [
    ["lower", FILE],
    ["upper", FILE.replace(CIPHERTEXT, CIPHERTEXT.toUpperCase())],
  ] as const) {
    writeFileSync(folder.path(name), text, { mode: 0o600 });
    using vault = await Vault.open({ path: folder.path(name), passphrase: new Secret(PASSPHRASE) });
    expect(vault.secret("byok-anthropic")?.reveal()).toBe("sk-ant-test-123");
  }
});

test("a vault of ours is opened by other libraries, and one of theirs by ours", async () => {
  const ours = folder.path("ours.json");
  const values = { "byok-anthropic": "sk-ant-1", odd: 'ü🐔 "quoted" \\ \n\t\u0001\u007f end', empty: " " };
  {
    using vault = await Vault.create({ path: ours, passphrase: new Secret("ours ümlaut") });
    for (const [name, value] of Object.entries(values)) vault.put(name, new Secret(value));
  }
  const plain = await openByOthers(readFileSync(ours, "utf8"), "ours ümlaut");
  expect(JSON.parse(plain)).toEqual({ secrets: values });
  const theirs = folder.path("theirs.json");
  const odd =
    '{ "other": [1, {"x": null}], "secrets" : {"a\\u0062c":"\\ud83d\\udc14\\u00fc\\/", "b": "2"}, "z":-1.5e3 }';
  writeFileSync(theirs, await sealByOthers(odd, "theirs"), { mode: 0o600 });
  using vault = await Vault.open({ path: theirs, passphrase: new Secret("theirs") });
  expect(vault.entries()).toEqual([
    { name: "abc", hosts: [] },
    { name: "b", hosts: [] },
  ]);
  expect([vault.secret("abc")?.reveal(), vault.secret("b")?.reveal()]).toEqual(["🐔ü/", "2"]);
}, 30_000);

const FIXTURES = join(import.meta.dir, "../../../../../shared/fixtures/crypto");
const hasFixtures = existsSync(FIXTURES);
const read = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name), "utf8"));
if (!hasFixtures) console.log("skip: public crypto vectors are not beside this tree");

test.skipIf(!hasFixtures)("XChaCha20-Poly1305 does what Wycheproof says, with additional data or without", () => {
  const groups = read("wycheproof_xchacha20_poly1305_test.json").testGroups as {
    ivSize: number;
    tests: { key: string; iv: string; aad: string; msg: string; ct: string; tag: string; result: string }[];
  }[];
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
  let count = 0;
  for (const { tests, ivSize } of groups) {
    for (const { key, iv, aad, msg, ct, tag, result } of tests) {
      const open = () => xchacha20poly1305(bytes(key), bytes(iv), bytes(aad)).decrypt(bytes(ct + tag));
      count += 1;
      if (result === "valid" && ivSize === 192) expect(Buffer.from(open()).toString("hex")).toBe(msg);
      else expect(open).toThrow();
    }
  }
  expect(count).toBe(315);
});

test.skipIf(!hasFixtures)(
  "Argon2id does what its reference implementation's tests say",
  async () => {
    type Row = { password: string; salt: string; m: number; t: number; p: number; tag: string; secret_hex?: string };
    const rows = (read("argon2id_vectors.json").vectors as Row[]).filter((row) => row.password !== undefined);
    for (const { password, salt, m, t, p, tag } of rows) {
      const hash = await argon2id({
        ...{ password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32, outputType: "hex" },
      } as Parameters<typeof argon2id>[0]);
      expect(`${password} ${m} ${t} ${p} ${hash}`).toBe(`${password} ${m} ${t} ${p} ${tag}`);
    }
    expect(rows.length).toBe(8);
  },
  30_000,
);
