import { CoopError } from "coopd-core";
import { KDF } from "../kdf/argon2id.ts";

/** What a vault file holds: contract/brain-vault-storage.md §10, format 1. */
export interface SealedFile {
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  /** With the 16 bytes of the tag behind. */
  readonly ciphertext: Uint8Array;
}

/** XChaCha20-Poly1305, IETF construction. */
export const NONCE_BYTES = 24;
/** Poly1305. */
export const TAG_BYTES = 16;
/** Of a file: its hexadecimal is twice the secrets', so some 8 MB of them; a larger one is no vault of keys. */
export const FILE_BYTES_MAX = 16_777_216;

/**
 * Reads a vault file. Unknown keys are ignored, hexadecimal may be in capitals.
 * @throws CoopError `vault_refused` for anything that is not exactly a vault of format 1; nothing of the text is repeated
 */
export function parseSealedFile(bytes: Uint8Array): SealedFile {
  const file = parseObject(bytes);
  if (file.version !== 1) throw unsound(typeof file.version === "number" ? "has an unknown version" : "has no version");
  const salt = parseHex(file.salt, "salt");
  const nonce = parseHex(file.nonce, "nonce");
  const ciphertext = parseHex(file.ciphertext, "ciphertext");
  if (salt.length !== KDF.saltBytes) throw unsound("has a salt of another length");
  if (nonce.length !== NONCE_BYTES) throw unsound("has a nonce of another length"); // the original dies of it (C4)
  if (ciphertext.length < TAG_BYTES) throw unsound("is cut off");
  return { salt, nonce, ciphertext };
}

/** The file's bytes, as the original writes them: two blanks, this order of keys, no newline at the end. */
export function formatSealedFile({ salt, nonce, ciphertext }: SealedFile): Uint8Array {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  const file = { version: 1, salt: hex(salt), nonce: hex(nonce), ciphertext: hex(ciphertext) };
  return Buffer.from(JSON.stringify(file, null, 2));
}

/** The refusal of a file that is no sound vault; `what` names no content. */
export function unsound(what: string): CoopError {
  return new CoopError("vault_refused", `the vault ${what}`, {
    next: "If it was damaged, take it from a backup; nothing was changed.",
  });
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.length > FILE_BYTES_MAX) throw unsound("is too large");
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw unsound("is not JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw unsound("is no JSON object");
  return parsed as Readonly<Record<string, unknown>>;
}

function parseHex(value: unknown, name: string): Uint8Array {
  if (typeof value !== "string" || value.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(value)) {
    throw unsound(`has a ${name} that is not hexadecimal`);
  }
  return new Uint8Array(Buffer.from(value, "hex"));
}
