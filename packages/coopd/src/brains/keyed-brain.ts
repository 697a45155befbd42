import { type Brain, type BrainKey, toCoopError } from "coopd-core";

/** A brain and the key that it was built with. */
export interface BuiltBrain {
  readonly brain: Brain;
  readonly key: BrainKey & { readonly isClosed: boolean };
}

/**
 * A brain whose key is looked up anew for each call, so that a key that was changed, locked away or unbound is obeyed at the next
 * call of a job that runs, and not only of the next job.
 */
export function keyedBrain(label: string, build: () => Promise<BuiltBrain>): Brain {
  return {
    label,
    async *stream(request, signal) {
      for (let isFirst = true; ; isFirst = false) {
        const { brain, key } = await build();
        let isBegun = false;
        try {
          for await (const chunk of brain.stream(request, signal)) {
            isBegun = true;
            yield chunk;
          }
          return;
        } catch (error) {
          // Its source closed it between the look-up and the call: another look-up says what there is now.
          const isStale = key.isClosed && toCoopError(error).code === "secret_unavailable";
          if (!isStale || isBegun || !isFirst) throw error;
        }
      }
    },
  };
}
