import {
  type Brain,
  type BrainCalls,
  type BrainChunk,
  type BrainLink,
  type BrainRequest,
  type BrainResponse,
  type CallPlan,
  CoopError,
  costOf,
  type ModelFacts,
  toCoopError,
  worstCaseOf,
  worstCostOf,
} from "coopd-core";
import { mayBeCharged } from "./fall-over.ts";

/** One link, open. */
export interface OpenLink {
  readonly link: BrainLink;
  readonly brain: Brain;
  readonly facts: ModelFacts;
}

/** What has come of a call so far. */
export interface CallProgress {
  /** True once `calls` let the call begin: what goes wrong before is no failure of the model. */
  isBegun: boolean;
  /** True while a call is open that nobody has told the end of. */
  isUnderWay: boolean;
  /** True once a part of an answer was passed on. */
  hasSpoken: boolean;
}

/**
 * One call of one model: reserved before, priced after. A failure is told to `calls` before it is thrown.
 * @throws CoopError what the model or the ceiling says
 */
export async function* meteredCall(
  { link, brain, facts }: OpenLink,
  request: BrainRequest,
  calls: BrainCalls,
  progress: CallProgress,
  signal: AbortSignal,
): AsyncGenerator<BrainChunk> {
  const plan = planOf(link, facts, request, calls);
  await begin(plan, calls, progress);
  try {
    for await (const chunk of brain.stream(request, signal)) {
      if (chunk.type === "restart") {
        // The adapter asks again. What broke off may be charged, and the next try is another call: it needs room of its own.
        progress.isUnderWay = false;
        calls.failed({ plan, error: brokenOff(brain.label), mayBeCharged: true });
        await begin(plan, calls, progress);
      }
      if (chunk.type !== "final") {
        progress.hasSpoken = chunk.type !== "restart";
        yield chunk;
        continue;
      }
      yield { type: "final", response: priced(chunk.response, plan, facts) };
      return;
    }
    throw new CoopError("brain_answer_invalid", `${brain.label} ended its stream without an answer`);
  } catch (thrown) {
    const error = toCoopError(thrown);
    if (progress.isUnderWay) calls.failed({ plan, error, mayBeCharged: mayBeCharged(error, progress.hasSpoken) });
    throw thrown;
  }
}

async function begin(plan: CallPlan, calls: BrainCalls, progress: CallProgress): Promise<void> {
  await calls.begin(plan);
  progress.isBegun = true;
  progress.isUnderWay = true;
}

function brokenOff(label: string): CoopError {
  return new CoopError("brain_unavailable", `${label}: the answer broke off and is asked for again`);
}

function planOf(link: BrainLink, facts: ModelFacts, request: BrainRequest, calls: BrainCalls): CallPlan {
  const { provider, model } = link;
  const requestBytes = Buffer.byteLength(JSON.stringify(request));
  const last = calls.prior();
  const prior = last?.provider === provider && last.model === model ? last : undefined;
  const { price, context_window: contextWindow } = facts;
  const worst = worstCaseOf({ requestBytes, maxTokens: request.max_tokens, prior, contextWindow, price });
  return { provider, model, request_bytes: requestBytes, worst };
}

function priced(response: BrainResponse, plan: CallPlan, { price }: ModelFacts): BrainResponse {
  const { provider, model, worst } = plan;
  const { usage } = response;
  if (usage.unreported !== true || provider === "script") {
    return { ...response, call: { provider, model, usd_micros: price === undefined ? null : costOf(usage, price) } };
  }
  // Nobody counted: no more tokens than bytes came back, and no more went out than was reserved.
  const output = Buffer.byteLength(JSON.stringify(response.content));
  const usd_micros = price === undefined ? null : worstCostOf({ input: worst.input_tokens, output }, price);
  return {
    ...response,
    call: { provider, model, usd_micros: null, at_most: { tokens: worst.input_tokens + output, usd_micros } },
  };
}
