import {
  type Brain,
  type BrainCalls,
  type BrainChunk,
  type BrainResponse,
  type CeilingRule,
  type Claim,
  CoopError,
  ceilingRules,
  type JournalFact,
  journalSpent,
  type Progress,
  priorCallOf,
  refuseOverCeilings,
  type Step,
  withRoute,
} from "coopd-core";
import type { JobLedger } from "./job-ledger.ts";
import type { RunnerParts } from "./run-parts.ts";

type AskStep = Extract<Step, { kind: "ask" }>;

/** The original's constants (contract/domain.md §5). */
const TEMPERATURE = 0.7;
const MAX_TOKENS = 4096;
/** Enough to see what happened; the whole text may be a server's page. */
const ERROR_CHARS_MAX = 500;

/** Asks a job's brain, turn after turn, and writes every call down before it is made. */
export interface Asker {
  /** One turn's answer, as a fact that is not yet recorded. @throws CoopError what the brain throws */
  ask(step: AskStep, progress: Progress, signal: AbortSignal): Promise<JournalFact>;
}

/** The asker of a claimed job; its brain is built when it is first asked. `onCall` hears of each call. */
export function createAsker(
  claim: Claim,
  parts: Pick<RunnerParts, "brainFor" | "tokens" | "ceilings">,
  ledger: JobLedger,
  onCall: (progress: Progress) => void,
): Asker {
  const live = parts.tokens.open(claim);
  let brain: Brain | undefined;
  let asked = { turn: 0, sha256: "", progress: undefined as Progress | undefined };

  const calls: BrainCalls = {
    prior: () => priorCallOf(ledger.journal),
    async begin(call) {
      const { turn, sha256, progress } = asked;
      if (progress === undefined) throw new Error("a brain began a call that nobody asked for");
      const rules = ceilingRules(claim.job.limits, claim.hen.manifest.limits, await parts.ceilings.read());
      const [own, shared] = [rules.filter(isOwn), rules.filter((rule) => !isOwn(rule))];
      const spent = { ...journalSpent(ledger.journal), reserved_tokens: 0, reserved_usd_micros: 0 };
      refuseOverCeilings(own, () => spent, call.worst);
      await ledger.begin({ kind: "brain.request", turn, sha256, call }, progress, shared);
      onCall(progress);
    },
    failed({ plan: { provider, model }, error, mayBeCharged }) {
      const { code: error_code, message } = error;
      const reason = { error_code, error: message.slice(0, ERROR_CHARS_MAX), may_be_charged: mayBeCharged };
      ledger.record({ kind: "brain.failed", turn: asked.turn, provider, model, ...reason });
    },
  };

  return {
    async ask(step, progress, signal) {
      const request = toRequest(step);
      asked = { turn: step.turn, sha256: sha256(JSON.stringify(request)), progress };
      brain ??= await parts.brainFor({ hen: withRoute(claim.hen, step.opened.route) }, calls);
      live.turn(step.turn);
      const onChunk = (chunk: BrainChunk) => live.chunk(step.turn, chunk);
      return toResponseFact(step.turn, await answerOf(brain, request, signal, onChunk));
    },
  };
}

/** The ceilings that a job's own journal answers for; the others are asked of the store, with what everybody spends. */
function isOwn({ scope }: CeilingRule): boolean {
  return scope === "job";
}

async function answerOf(
  brain: Brain,
  request: ReturnType<typeof toRequest>,
  signal: AbortSignal,
  onChunk: (chunk: BrainChunk) => void,
): Promise<BrainResponse> {
  for await (const chunk of brain.stream(request, signal)) {
    onChunk(chunk);
    if (chunk.type === "final") return chunk.response;
  }
  throw new CoopError("brain_answer_invalid", `${brain.label} ended its stream without an answer`);
}

function toRequest({ opened, messages }: AskStep) {
  const { system, tools } = opened;
  return { system, messages, tools, temperature: TEMPERATURE, max_tokens: MAX_TOKENS, stop_seq: [] };
}

function toResponseFact(turn: number, response: BrainResponse): JournalFact {
  const { content, usage, finish_reason, latency_ms, call } = response;
  const answer = { kind: "brain.response", turn, content, usage, finish_reason, latency_ms } as const;
  return call === undefined ? answer : { ...answer, call };
}

function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
