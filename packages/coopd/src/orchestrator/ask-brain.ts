import {
  type Brain,
  type BrainCalls,
  type BrainChunk,
  type BrainResponse,
  type Claim,
  CoopError,
  type JournalFact,
  type Progress,
  type Step,
} from "coopd-core";
import type { JobLedger } from "./job-ledger.ts";
import type { RunnerParts } from "./run-parts.ts";

type AskStep = Extract<Step, { kind: "ask" }>;

/** The original's constants (contract/domain.md §5). */
const TEMPERATURE = 0.7;
const MAX_TOKENS = 4096;

/** Asks a job's brain, turn after turn, and writes every call down before it is made. */
export interface Asker {
  /** One turn's answer, as a fact that is not yet recorded. @throws CoopError what the brain throws */
  ask(step: AskStep, progress: Progress, signal: AbortSignal): Promise<JournalFact>;
}

/** The asker of a claimed job; its brain is built when it is first asked. `onCall` hears of each call. */
export function createAsker(
  claim: Claim,
  parts: Pick<RunnerParts, "brainFor" | "tokens">,
  ledger: JobLedger,
  onCall: (progress: Progress) => void,
): Asker {
  const live = parts.tokens.open(claim);
  let brain: Brain | undefined;
  let asked: { readonly turn: number; readonly sha256: string; readonly progress: Progress } | undefined;

  const calls: BrainCalls = {
    prior: () => undefined,
    async begin() {
      if (asked === undefined) throw new Error("a brain began a call that nobody asked for");
      const { turn, sha256, progress } = asked;
      ledger.record({ kind: "brain.request", turn, sha256 });
      await ledger.flush(progress);
      onCall(progress);
    },
    failed() {},
  };

  return {
    async ask(step, progress, signal) {
      const request = toRequest(step);
      asked = { turn: step.turn, sha256: sha256(JSON.stringify(request)), progress };
      brain ??= await parts.brainFor(claim, calls);
      live.turn(step.turn);
      const onChunk = (chunk: BrainChunk) => live.chunk(step.turn, chunk);
      return toResponseFact(step.turn, await answerOf(brain, request, signal, onChunk));
    },
  };
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
  const { content, usage, finish_reason, latency_ms } = response;
  return { kind: "brain.response", turn, content, usage, finish_reason, latency_ms };
}

function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
