import { argon2id } from "@noble/hashes/argon2.js";
import sodium from "libsodium-wrappers-sumo";

/**
 * File format 1 by other libraries than ours, written from the contract alone: @noble/hashes derives, libsodium opens and
 * seals. Its derivation takes some two seconds.
 */
export function deriveByOthers(passphrase: string, salt: Uint8Array): Uint8Array {
  return argon2id(new TextEncoder().encode(passphrase), salt, { m: 65_536, t: 3, p: 1, version: 0x13, dkLen: 32 });
}

/** The sealed plaintext. @throws Error when key or file are wrong */
export async function openByOthers(text: string, passphrase: string): Promise<string> {
  await sodium.ready;
  const file = JSON.parse(text) as { salt: string; nonce: string; ciphertext: string };
  const key = deriveByOthers(passphrase, sodium.from_hex(file.salt));
  const plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
    null,
    sodium.from_hex(file.ciphertext),
    null,
    sodium.from_hex(file.nonce),
    key,
  );
  return sodium.to_string(plain);
}

/** A vault file of this plaintext, laid out by hand. */
export async function sealByOthers(plaintext: string, passphrase: string): Promise<string> {
  await sodium.ready;
  const salt = sodium.randombytes_buf(32);
  const nonce = sodium.randombytes_buf(24);
  const key = deriveByOthers(passphrase, salt);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, null, null, nonce, key);
  const hex = sodium.to_hex;
  return `{\n  "version": 1,\n  "salt": "${hex(salt)}",\n  "nonce": "${hex(nonce)}",\n  "ciphertext": "${hex(sealed)}"\n}`;
}
