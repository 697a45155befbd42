import {
  type Brain,
  type BrainCall,
  type BrainCalls,
  type BrainRequest,
  type BrainTestReport,
  type CallPlan,
  type Clock,
  CoopError,
  ceilingRules,
  chooseRoute,
  type Hen,
  type HenId,
  isRouted,
  type JournalFact,
  jobLimits,
  type ModelBook,
  type Store,
  toCoopError,
  toInstant,
  withRoute,
} from "coopd-core";
import type { BrainShop } from "../brains/brain-shop.ts";
import { readHen } from "../farm/read-hen.ts";
import type { FarmCeilings } from "./farm-ceilings.ts";
import type { SpendBell } from "./spend-bell.ts";

/** What testing a hen's brain needs. */
export interface BrainTestParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly models: ModelBook;
  readonly ceilings: Pick<FarmCeilings, "read">;
  readonly bell: SpendBell;
  readonly brainFor: BrainShop;
}

const PING = "ping";
/** Asked for one word; some models spend a few hundred tokens on thinking before it. */
const REQUEST: BrainRequest = {
  system: "You are being tested. Answer with the one word: ok",
  messages: [{ role: "user", content: PING }],
  tools: [],
  temperature: 0.7,
  max_tokens: 512,
  stop_seq: [],
};

/**
 * One tiny call through the stack that a job of the hen would take, fallbacks included; only the farm's cache is passed by.
 * It is reserved, charged and held to the ceilings of the hen and the farm as any other.
 * @throws CoopError `hen_not_found`, `brain_unsupported` for a hen without a brain in the daemon, what the brain says (with
 * `details.attempts`), `limit_cost`
 */
export async function testBrain(id: HenId, parts: BrainTestParts, signal: AbortSignal): Promise<BrainTestReport> {
  const hen = await readHen(parts.store, id);
  if (hen.manifest.agent_kind !== "anthropic") {
    throw new CoopError("brain_unsupported", `${id} is driven through a terminal and has no brain in the daemon`);
  }
  const attempts: BrainTestReport["attempts"][number][] = [];
  const calls = createCalls(hen, parts, attempts);
  const tested = testedHen(hen, parts.models);
  try {
    const brain = await parts.brainFor({ hen: tested }, calls.port);
    const response = await answerOf(brain, signal);
    await calls.end({ kind: "brain.response", turn: 0, ...response });
    const call: BrainCall = response.call ?? { provider: "", model: "", usd_micros: null };
    const { price, context_window } = parts.models.facts(linkOf(tested, call));
    return {
      hen_id: id,
      provider: call.provider,
      model: call.model,
      latency_ms: Math.round(response.latency_ms),
      usage: response.usage,
      usd_micros: call.usd_micros,
      usd_per_million: price ?? null,
      prices_as_of: parts.models.asOf,
      context_window: context_window ?? null,
      attempts,
    };
  } catch (thrown) {
    await calls.settled();
    const { code, message, next, details } = toCoopError(thrown);
    throw new CoopError(code, message, {
      ...(next === undefined ? {} : { next }),
      details: { ...details, attempts },
      cause: thrown,
    });
  }
}

/** With the model that a job with this prompt is routed to, and without the cache, which would say nothing about it. */
function testedHen(hen: Hen, models: ModelBook): Hen {
  const { manifest } = hen;
  const { brain } = manifest;
  const input = { prompt: PING, chars: REQUEST.system.length + PING.length, hasTools: manifest.tools.length > 0 };
  const route = isRouted(brain) ? chooseRoute(input, models.routes) : undefined;
  return withRoute({ ...hen, manifest: { ...manifest, brain: { ...brain, cache: false } } }, route);
}

function createCalls(hen: Hen, parts: BrainTestParts, attempts: BrainTestReport["attempts"][number][]) {
  const { store, clock, newId, bell } = parts;
  let open: string | undefined;
  const end = async (fact: JournalFact) => {
    if (open === undefined) return;
    const id = open;
    open = undefined;
    await store.endCall({ id, henId: hen.id, fact });
    bell.ring();
  };
  let ending = Promise.resolve();
  const port: BrainCalls = {
    prior: () => undefined,
    async begin(plan: CallPlan) {
      await ending;
      const rules = ceilingRules(jobLimits(null), hen.manifest.limits, await parts.ceilings.read());
      const shared = rules.filter(({ scope }) => scope !== "job");
      const id = newId();
      await store.beginCall({ id, henId: hen.id, at: toInstant(clock.nowMs()), plan, rules: shared });
      open = id;
    },
    failed({ plan: { provider, model }, error, mayBeCharged }) {
      attempts.push({ provider, model, error_code: error.code, error: error.message.slice(0, 500) });
      const failure = { error_code: error.code, error: error.message, may_be_charged: mayBeCharged };
      ending = end({ kind: "brain.failed", turn: 0, provider, model, ...failure });
      ending.catch(() => undefined); // whoever begins or ends the next call hears of it
    },
  };
  return {
    port,
    /** Resolves when what is known of the calls is written down, as far as it could be. */
    settled: () => ending.catch(() => undefined),
    end: async (fact: JournalFact) => {
      await ending;
      await end(fact);
    },
  };
}

async function answerOf(brain: Brain, signal: AbortSignal) {
  for await (const chunk of brain.stream(REQUEST, signal)) {
    if (chunk.type === "final") return chunk.response;
  }
  throw new CoopError("brain_answer_invalid", `${brain.label} ended its stream without an answer`);
}

/** The link that answered, for what is known of it. */
function linkOf({ manifest: { brain } }: Hen, { provider, model }: BrainCall) {
  return [brain, ...brain.fallbacks].find((link) => link.provider === provider && link.model === model) ?? brain;
}
