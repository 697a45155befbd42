import { CoopError } from "coopd-core";
import { brokenOff } from "./broken-off.ts";

/** A stream spends some 350 bytes a token, so this is 90,000 tokens of reasoning and answer. */
export const BODY_BYTES_MAX = 32 * 1024 * 1024;

/**
 * The body, which fails with `brain_answer_invalid` beyond {@link BODY_BYTES_MAX}, with `brain_unavailable` where the
 * connection breaks off, and at once when `signal` aborts, whatever the connection does. `onBytes` sees each piece.
 */
export function boundBody(
  body: ReadableStream<Uint8Array>,
  parts: { readonly signal: AbortSignal; readonly onBytes: (bytes: Uint8Array) => void; readonly name: string },
): ReadableStream<Uint8Array> {
  const { signal, onBytes, name } = parts;
  const reader = body.getReader();
  let count = 0;
  let onAbort = () => {};
  const close = (reason?: unknown) => {
    signal.removeEventListener("abort", onAbort);
    // The connection is given up; how it takes that is of no interest to the answer.
    reader.cancel(reason).catch(() => {});
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      onAbort = () => {
        controller.error(signal.reason);
        close(signal.reason);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    },
    async pull(controller) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw brokenOff(name, error);
      });
      if (signal.aborted) return;
      if (done) {
        signal.removeEventListener("abort", onAbort);
        controller.close();
        return;
      }
      count += value.length;
      if (count > BODY_BYTES_MAX) {
        close();
        throw new CoopError("brain_answer_invalid", `${name}: the answer is larger than ${BODY_BYTES_MAX} bytes`);
      }
      onBytes(value);
      controller.enqueue(value);
    },
    cancel: close,
  });
}

/** The first `max` bytes of a body as text; the rest is not waited for, and where it breaks off it ends. */
export async function readStart(body: ReadableStream<Uint8Array> | null, max: number): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let count = 0;
  try {
    while (count < max) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      count += value.length;
    }
  } catch {
    // A refusal is known by its status; half of its text says more than the broken connection.
  } finally {
    reader.cancel().catch(() => {});
  }
  const bytes = new Uint8Array(Math.min(count, max));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.subarray(0, bytes.length - at), at);
    at = Math.min(at + piece.length, bytes.length);
  }
  return new TextDecoder().decode(bytes);
}
