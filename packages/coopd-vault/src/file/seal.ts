import { randomBytes } from "node:crypto";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { CoopError } from "coopd-core";
import { type Contents, formatContents, parseContents } from "./contents.ts";
import { NONCE_BYTES, type SealedFile } from "./sealed-file.ts";

/** Seals everything under a nonce of its own: it is random and 24 bytes long, so it never comes twice. */
export function seal(contents: Contents, key: Uint8Array, salt: Uint8Array, nonce = randomNonce()): SealedFile {
  const plaintext = formatContents(contents);
  try {
    return { salt, nonce, ciphertext: xchacha20poly1305(key, nonce).encrypt(plaintext) };
  } finally {
    plaintext.fill(0);
  }
}

/**
 * Opens a file with a key that was derived. A wrong passphrase and a changed file look the same, as they must.
 * @throws CoopError `vault_refused`
 */
export function unseal({ nonce, ciphertext }: SealedFile, key: Uint8Array): Contents {
  let plaintext: Uint8Array;
  try {
    plaintext = xchacha20poly1305(key, nonce).decrypt(ciphertext);
  } catch {
    throw new CoopError("vault_refused", "the passphrase is wrong, or the vault was changed or damaged", {
      next: "Try the passphrase again; if it is right, take the file from a backup.",
    });
  }
  try {
    return parseContents(plaintext);
  } finally {
    plaintext.fill(0);
  }
}

function randomNonce(): Uint8Array {
  return new Uint8Array(randomBytes(NONCE_BYTES));
}
