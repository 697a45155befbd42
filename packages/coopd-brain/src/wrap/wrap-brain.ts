import {
  type Brain,
  type BrainCalls,
  type BrainChunk,
  type BrainLink,
  type BrainRequest,
  type BrainResponse,
  CoopError,
  type Log,
  type ModelBook,
  toCoopError,
  type WrapBrain,
} from "coopd-core";
import type { AnswerCache } from "./answer-cache.ts";
import { fallsOver } from "./fall-over.ts";
import { type CallProgress, meteredCall, type OpenLink } from "./metered-call.ts";

/** What all brains of a farm share. */
export interface WrapParts {
  readonly models: ModelBook;
  readonly cache: AnswerCache;
  readonly log: Log;
  /** Never steps back; performance.now where it is not given. */
  readonly nowMs?: () => number;
}

/**
 * Makes the function that puts a manifest's links together: cache, then fallbacks, then for each call its reservation and
 * price. Links are opened when they are first asked. What a failed link had already said is void, and `restart` says so;
 * nothing depends on it, since only a whole answer is written down.
 */
export function createWrapBrain(parts: WrapParts): WrapBrain {
  return (spec, openLink, calls) => {
    const links = [spec as BrainLink, ...spec.fallbacks];
    const open = createOpener(openLink, parts.models);
    const rest = createRest(parts.nowMs ?? (() => performance.now()));
    const ask = (request: BrainRequest, signal: AbortSignal) =>
      askChain(rest.order(links), open, { request, calls, signal }, { ...parts, rest });
    return {
      label: `${spec.provider} ${spec.model}`,
      stream: (request, signal) =>
        spec.cache ? askCached(links, parts.cache, request, () => ask(request, signal)) : ask(request, signal),
    };
  };
}

/**
 * A model that could not answer just now is left out of the next turns of the same job for this long, ms: its adapter has
 * tried for up to a minute already, and every turn would wait that long again. Where no other is left it is asked all the same.
 */
const REST_MS = 60_000;

/** The links of one job's brain that rest, and until when. */
function createRest(nowMs: () => number) {
  const until = new Map<BrainLink, number>();
  const isResting = (link: BrainLink) => (until.get(link) ?? Number.NEGATIVE_INFINITY) > nowMs();
  return {
    begin: (link: BrainLink) => void until.set(link, nowMs() + REST_MS),
    /** Those that rest come last, as they stand. */
    order: (links: readonly BrainLink[]) => [...links.filter((link) => !isResting(link)), ...links.filter(isResting)],
  };
}

/** Opens each link once; one that could not be opened is tried again at its next turn, when its key may be there. */
function createOpener(openLink: (link: BrainLink) => Promise<Brain>, models: ModelBook) {
  const opened = new Map<BrainLink, OpenLink>();
  return async (link: BrainLink): Promise<OpenLink> => {
    const known = opened.get(link);
    if (known !== undefined) return known;
    const fresh = { link, brain: await openLink(link), facts: models.facts(link) };
    opened.set(link, fresh);
    return fresh;
  };
}

interface Asked {
  readonly request: BrainRequest;
  readonly calls: BrainCalls;
  readonly signal: AbortSignal;
}

/**
 * Asks link after link. When all fail it is the first link's error that comes out: it is the model that the manifest means,
 * and what it lacks is what the farmer can mend.
 */
async function* askChain(
  links: readonly BrainLink[],
  open: (link: BrainLink) => Promise<OpenLink>,
  asked: Asked,
  { log, rest }: WrapParts & { readonly rest: ReturnType<typeof createRest> },
): AsyncGenerator<BrainChunk> {
  let first: unknown;
  for (const [index, link] of links.entries()) {
    const progress: CallProgress = { isBegun: false, isUnderWay: false, hasSpoken: false };
    try {
      const opened = await open(link);
      yield* meteredCall(opened, asked.request, asked.calls, progress, asked.signal);
      return;
    } catch (thrown) {
      const error = toCoopError(thrown);
      first ??= thrown;
      const isLast = index === links.length - 1;
      // A ceiling holds for every link: a cheaper one is asked only where the manifest routes to it.
      if (asked.signal.aborted || !fallsOver(error)) throw index === 0 ? thrown : withFirst(error, first);
      if (progress.isBegun) rest.begin(link); // one without its key may have it at the next turn
      if (isLast) throw first;
      log.warn("a brain falls over to the next", { from: `${link.provider} ${link.model}`, code: error.code });
      if (progress.hasSpoken) yield { type: "restart" };
    }
  }
}

/** An error of a fallback, with what made it necessary to ask it. */
function withFirst(error: CoopError, first: unknown): CoopError {
  const { code, message, next, details } = error;
  return new CoopError(code, message, {
    ...(next === undefined ? {} : { next }),
    details: { ...details, first_error: toCoopError(first).code },
    cause: first,
  });
}

/** Only whole answers are worth repeating: one that was cut or refused may be better the next time. */
const KEPT: ReadonlySet<string> = new Set(["end_turn", "tool_use", "stop_sequence"]);

async function* askCached(
  links: readonly BrainLink[],
  cache: AnswerCache,
  request: BrainRequest,
  ask: () => AsyncIterable<BrainChunk>,
): AsyncGenerator<BrainChunk> {
  // Who answers is a part of the question; whose key is used is not.
  const asked = links.map(({ provider, base_url, model }) => ({ provider, base_url, model }));
  const key = JSON.stringify([asked, request]);
  const known = cache.get(key);
  if (known !== undefined) {
    yield { type: "final", response: fromCache(known) };
    return;
  }
  for await (const chunk of ask()) {
    if (chunk.type === "final" && KEPT.has(chunk.response.finish_reason)) cache.put(key, chunk.response);
    yield chunk;
  }
}

/** Nobody was asked: it took no time, used nothing and cost nothing. */
function fromCache(response: BrainResponse): BrainResponse {
  const { provider = "", model = "" } = response.call ?? {};
  return {
    ...response,
    usage: { input_tokens: 0, output_tokens: 0, cache_tokens: 0 },
    latency_ms: 0,
    call: { provider, model, usd_micros: 0, cached: true },
  };
}
