import type { Brain, BrainCalls, BrainLink, BrainSpec } from "coopd-core";

/**
 * One brain out of a manifest's links. It opens the first one when it is first asked, and tells `calls` about each call
 * before it is made.
 */
export function wrapBrain(spec: BrainSpec, openLink: (link: BrainLink) => Promise<Brain>, calls: BrainCalls): Brain {
  const { provider, model } = spec;
  let opened: Promise<Brain> | undefined;
  return {
    label: `${provider} ${model}`,
    async *stream(request, signal) {
      opened ??= openLink(spec).catch((error: unknown) => {
        opened = undefined; // a key that is missing now may be there at the next call
        throw error;
      });
      const brain = await opened;
      const bytes = Buffer.byteLength(JSON.stringify(request));
      const worst = { input_tokens: bytes, output_tokens: request.max_tokens, usd_micros: null };
      await calls.begin({ provider, model, request_bytes: bytes, worst });
      yield* brain.stream(request, signal);
    },
  };
}
