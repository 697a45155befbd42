/** The only parameters of file format 1 (contract/brain-vault-storage.md §10): Argon2id, version 0x13. Memory in KiB. */
export const KDF = { memoryKib: 65_536, passes: 3, lanes: 1, keyBytes: 32, saltBytes: 32 } as const;

/** Derives the key in the calling thread: a third of a second and 64 MiB. Only the derivation's own thread calls it. */
export async function deriveHere(passphrase: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const { argon2id } = await import("hash-wasm");
  return argon2id({
    password: passphrase,
    salt,
    parallelism: KDF.lanes,
    iterations: KDF.passes,
    memorySize: KDF.memoryKib,
    hashLength: KDF.keyBytes,
    outputType: "binary",
  });
}
