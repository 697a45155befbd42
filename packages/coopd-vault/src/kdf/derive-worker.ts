import { deriveHere } from "./argon2id.ts";

// A thread for one derivation: it is given passphrase and salt, answers the key, and is ended by who started it.
declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<{ passphrase: Uint8Array; salt: Uint8Array }>) => {
  try {
    const key = await deriveHere(data.passphrase, data.salt);
    self.postMessage({ key }, [key.buffer as ArrayBuffer]);
  } catch {
    self.postMessage({ failed: true }); // without the error: nothing that saw the passphrase leaves this thread
  } finally {
    data.passphrase.fill(0);
  }
};
