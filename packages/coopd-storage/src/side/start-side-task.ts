import { CoopError } from "coopd-core";
import { fromWireError, type WireError } from "../calls/messages.ts";
import type { SideAnswers, SideTask } from "./side-tasks.ts";

/**
 * Runs a side task in a thread of its own; the thread is gone when this settles.
 * @throws CoopError `disk_full`, `store_unavailable`
 */
export function startSideTask<Kind extends SideTask["kind"]>(
  task: Extract<SideTask, { kind: Kind }>,
): Promise<SideAnswers[Kind]> {
  const worker = new Worker(new URL("./side-worker.ts", import.meta.url), { name: "store-side" });
  return new Promise<SideAnswers[Kind]>((resolve, reject) => {
    worker.onerror = (event) => {
      reject(new CoopError("store_unavailable", "a thread of the store ended", { cause: event.message }));
    };
    worker.onmessage = ({ data }: MessageEvent<string>) => {
      const answer = JSON.parse(data) as { readonly value: SideAnswers[Kind] } | { readonly error: WireError };
      if ("error" in answer) reject(fromWireError(answer.error));
      else resolve(answer.value);
    };
    worker.postMessage(JSON.stringify(task));
  }).finally(() => worker.terminate());
}
