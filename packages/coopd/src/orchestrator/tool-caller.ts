import {
  admit,
  type Claim,
  type Clock,
  CoopError,
  type EffectClass,
  type JobId,
  type JournalFact,
  type Step,
  type Tool,
  type ToolSpec,
  toCoopError,
} from "coopd-core";

type InvokeStep = Extract<Step, { kind: "invoke" }>;
type ResultFact = Extract<JournalFact, { kind: "tool.result" }>;

/** The tools there are; coopd-tools' registry. */
export interface ToolShelf {
  get(name: string): Tool | undefined;
  specs(names: readonly string[]): readonly ToolSpec[];
}

export interface CallHooks {
  readonly record: (fact: JournalFact) => void;
  /** Makes everything recorded so far durable. */
  readonly flush: () => Promise<void>;
  readonly signal: AbortSignal;
}

export interface ToolCaller {
  /** What the model is told it may call. */
  specsFor(claim: Claim): readonly ToolSpec[];
  /**
   * Brings one call to its `tool.result`: writes the intent, makes it durable, runs the tool. A call whose intent was
   * already there when the job was taken over may have run; its class says what happens (architecture §4, Recovery).
   */
  settleCall(claim: Claim, step: InvokeStep, hooks: CallHooks): Promise<void>;
}

const OUTCOME_UNKNOWN =
  "ERROR: outcome unknown: the daemon stopped while this call was running. It was not run again. Check what it did before you repeat it.";

/** Lines about what happened around a job's call, for its journal; each is told once. The model is not told them. */
export type TakeNotes = (jobId: JobId) => readonly string[];

/** The tool caller over a shelf of tools. Grants are asked of `admit` at every call. */
export function createToolCaller(shelf: ToolShelf, clock: Clock, takeNotes: TakeNotes = () => []): ToolCaller {
  return {
    specsFor: ({ hen, job }) => shelf.specs(hen.manifest.tools.filter((tool) => isGranted(hen, tool, job.lease_id))),
    async settleCall(claim, step, hooks) {
      const { turn, call } = step;
      const startedMs = clock.nowMs();
      const result = (content: string, isError: boolean, outcome: ResultFact["outcome"]): ResultFact => ({
        kind: "tool.result",
        turn,
        call_id: call.id,
        tool: call.name,
        content,
        is_error: isError,
        outcome,
        duration_ms: Math.max(0, Math.round(clock.nowMs() - startedMs)),
      });
      const refused = refusal(claim, shelf, call.name);
      const effect: EffectClass =
        refused === undefined ? (shelf.get(call.name)?.effectOf(call.input) ?? "once") : "pure";
      if (step.intended && effect === "once") {
        hooks.record(result(OUTCOME_UNKNOWN, true, "unknown"));
        return;
      }
      if (!step.intended)
        hooks.record({ kind: "tool.intent", turn, call_id: call.id, tool: call.name, input: call.input, effect });
      await hooks.flush();
      try {
        if (refused !== undefined) throw refused;
        const output = await invoke(claim, step, shelf, hooks);
        hooks.record(result(JSON.stringify(output), false, "known"));
      } catch (error) {
        if (hooks.signal.aborted) throw error; // what the call did is unknown; its intent is in the journal
        const failure = toCoopError(error);
        const next = failure.next === undefined ? "" : ` (${failure.next})`;
        hooks.record(result(`ERROR: ${failure.message}${next}`, true, "known"));
      }
      for (const text of takeNotes(claim.job.id)) hooks.record({ kind: "note", text });
    },
  };
}

function invoke(claim: Claim, step: InvokeStep, shelf: ToolShelf, { signal, record }: CallHooks) {
  const tool = shelf.get(step.call.name);
  if (tool === undefined) throw unknownTool(step.call.name);
  return tool.invoke(step.call.input, {
    henId: claim.hen.id,
    manifest: claim.hen.manifest,
    jobId: claim.job.id,
    callKey: `${claim.job.id}:${step.turn}:${step.callKeyIndex}`,
    epoch: claim.epoch,
    turn: step.turn,
    callId: step.call.id,
    record,
    signal,
  });
}

/** Why the call may not run, decided at every call (weaknesses A2). */
function refusal(claim: Claim, shelf: ToolShelf, name: string): CoopError | undefined {
  if (shelf.get(name) === undefined) return unknownTool(name);
  try {
    admit({ action: "tool", hen: claim.hen, tool: name, leaseId: claim.job.lease_id });
    return undefined;
  } catch (error) {
    return toCoopError(error);
  }
}

function isGranted(hen: Claim["hen"], tool: string, leaseId: string | null): boolean {
  try {
    admit({ action: "tool", hen, tool, leaseId });
    return true;
  } catch {
    return false;
  }
}

function unknownTool(name: string): CoopError {
  return new CoopError("tool_unknown", `there is no tool "${name.slice(0, 100)}"`);
}
