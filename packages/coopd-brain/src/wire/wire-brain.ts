import { type Brain, type BrainKey, type BrainRequest, CoopError, toCoopError } from "coopd-core";
import { mayBeCharged } from "../wrap/fall-over.ts";
import { toFailure } from "./brain-error.ts";
import { brokenOff } from "./broken-off.ts";
import { createKeyFilter } from "./hide-key.ts";
import { type Call, openCall, told } from "./open-call.ts";
import { REAL_TIME, RETRY_RULES, Retries, type RetryRules, type RetryTime } from "./retries.ts";
import { createScrub } from "./scrub.ts";
import { type BrainFetch, sealFetch } from "./sealed-fetch.ts";
import type { Wire } from "./wire.ts";

/** What every brain behind a wire is made of. */
export interface WireBrainParts {
  readonly model: string;
  /** The only way to the network. */
  readonly fetch: BrainFetch;
  /** Sent with each call; undefined for a server that wants none. */
  readonly key?: BrainKey | undefined;
  /** For one try of an answer; 180 s unless given (contract/brain-vault-storage.md §3). */
  readonly timeoutMs?: number | undefined;
  readonly retries?: RetryRules | undefined;
  readonly time?: RetryTime | undefined;
}

const TIMEOUT_MS = 180_000;

/** An answer that breaks off after some of it was paid for is asked for again this often, not more. */
const CUTS_MAX = 2;

/**
 * A brain over a wire: deadlines, retries, errors and the key are the same for every provider. A try that fails in the
 * middle of its answer is made again, since nothing but what shows text as it comes has seen it; `restart` tells that.
 */
export function createWireBrain(wire: Wire, parts: WireBrainParts): Brain {
  const { model, retries: rules = RETRY_RULES, time = REAL_TIME } = parts;
  return {
    label: `${wire.name} ${model}`,
    async *stream(request, signal) {
      const startedMs = time.nowMs();
      const retries = new Retries(rules, time);
      for (let cuts = 0; ; ) {
        const result = yield* tryOnce(wire, parts, request, signal);
        if (result.response !== undefined) {
          const latency_ms = Math.round(time.nowMs() - startedMs);
          yield { type: "final", response: { ...result.response, latency_ms } };
          return;
        }
        const { failure, isSurfaced } = result;
        if (isSurfaced) cuts += 1;
        const waitMs = cuts > CUTS_MAX ? undefined : retries.next(failure.retry);
        if (waitMs === undefined) throw failure.error;
        await time.sleep(waitMs, signal).catch(() => {
          throw told(signal);
        });
        // A try that may be charged is a call of its own to whoever counts, also where nothing of it was shown.
        if (mayBeCharged(toCoopError(failure.error), isSurfaced)) yield { type: "restart" };
      }
    },
  };
}

async function* tryOnce(wire: Wire, parts: WireBrainParts, request: BrainRequest, signal: AbortSignal) {
  if (signal.aborted) throw told(signal);
  const { name, baseUrl, endpoint } = wire;
  const timeoutMs = parts.timeoutMs ?? TIMEOUT_MS;
  const key = parts.key?.reveal();
  const call = openCall(name, signal, timeoutMs);
  const sealed = sealFetch({
    fetch: parts.fetch,
    endpoint,
    headers: wire.headersFor(key),
    signal: call.controller.signal,
    name,
  });
  const filter = createKeyFilter(key);
  let isSurfaced = false;
  try {
    for await (const piece of wire.answer(request, { call, sealed, timeoutMs })) {
      call.refuseStopped(); // the SDKs end a stream without an error when it is aborted
      const isWhole = piece.type === "whole";
      for (const shown of isWhole ? filter.rest() : filter.pass(piece)) {
        isSurfaced = true;
        yield shown;
      }
      if (isWhole) return { response: { ...piece.response, content: filter.content(piece.response.content) } };
    }
    call.refuseStopped();
    throw brokenOff(name);
  } catch (error) {
    if (signal.aborted) throw told(signal);
    const hasKey = key !== undefined;
    const scrub = createScrub(key);
    const known = { name, baseUrl, hasKey, refusal: sealed.refusal, scrub, nowMs: Date.now() };
    const late = lateError(call, error);
    if (late !== undefined)
      return { response: undefined, failure: { error: late, retry: { triesMax: 0 } }, isSurfaced };
    return { response: undefined, failure: toFailure(error, known, await wire.loadErrors()), isSurfaced };
  } finally {
    call.close();
  }
}

/** A try that took too long is not made again: the next would take as long. */
function lateError(call: Call, error: unknown): CoopError | undefined {
  if (!call.isLate) return undefined;
  try {
    call.refuseStopped(error instanceof CoopError ? error : undefined);
  } catch (late) {
    if (late instanceof CoopError) return late;
  }
  return undefined;
}
