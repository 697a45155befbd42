import { CoopError } from "coopd-core";
import type { Secret } from "../secret/secret.ts";

/** Makes the 32 bytes of a vault's key from its passphrase; whoever asked overwrites them. */
export type DeriveKey = (passphrase: Secret, salt: Uint8Array) => Promise<Uint8Array>;

/** Derivations that wait at once; each takes 64 MiB and a third of a second, one after the other. */
const WAITING_MAX = 8;

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * Argon2id in a thread of its own, so that no request waits for it, and one at a time, so that it takes 64 MiB at most.
 * @throws CoopError `limit_reached` when too many wait, `internal` when the thread dies
 */
export const deriveKey: DeriveKey = async (passphrase, salt) => {
  if (waiting >= WAITING_MAX) throw new CoopError("limit_reached", "too many vaults are being opened at once");
  waiting += 1;
  const turn = last.catch(() => undefined).then(() => deriveInThread(passphrase, salt));
  last = turn;
  try {
    return await turn;
  } finally {
    waiting -= 1;
  }
};

function deriveInThread(passphrase: Secret, salt: Uint8Array): Promise<Uint8Array> {
  const worker = new Worker(new URL("./derive-worker.ts", import.meta.url), { name: "vault-kdf" });
  return new Promise<Uint8Array>((resolve, reject) => {
    const fail = () => reject(new CoopError("internal", "the key could not be derived"));
    worker.onerror = fail;
    worker.onmessage = ({ data }: MessageEvent<{ key: Uint8Array } | { failed: true }>) =>
      "key" in data ? resolve(data.key) : fail();
    const bytes = passphrase.lend((own) => own.slice());
    worker.postMessage({ passphrase: bytes, salt }, [bytes.buffer]);
  }).finally(() => worker.terminate());
}
