import { CoopError, type EffectClass, type HenId, parseHenId, type Tool, type ToolContext } from "coopd-core";
import { z } from "zod";
import { parseInput } from "../registry/parse-input.ts";

/** How the work that was handed on ended, as the model is told; the keys are in the order of the alphabet. */
export interface DelegateOutput {
  readonly hen: HenId;
  readonly job_id: string;
  readonly output: string;
  readonly status: "Done" | "Failed" | "Cancelled";
}

/**
 * Hands a prompt to another hen and waits for the end of its job. The same call (job, turn, call id) never makes a second
 * job, however often it is asked. @throws CoopError what refuses the job or the hand-over; `shutting_down`, `cancelled`
 */
export type HandOn = (context: ToolContext, to: HenId, prompt: string) => Promise<DelegateOutput>;

const Input = z.object({
  hen: z.string().min(1, "must not be empty"),
  prompt: z.string().refine((text) => text.trim() !== "", "must not be blank"),
});

const SPEC = {
  name: "delegate",
  description:
    "Hand a piece of work to another hen of the farm and wait for its result. Returns the hen, the job's id, its output " +
    "and status: Done, Failed or Cancelled.",
  input_schema: {
    type: "object",
    properties: {
      hen: { type: "string", description: "The other hen's id, as local.coop/aria." },
      prompt: { type: "string", description: "What it shall do. It sees nothing else of your job." },
    },
    required: ["hen", "prompt"],
  },
} as const;

/** `delegate` v1.0.0 (contract/tools-sandbox.md §1). It needs no process and no network, so it works under any policy. */
export function createDelegateTool(handOn: HandOn): Tool {
  async function invoke(input: unknown, context: ToolContext) {
    const { hen, prompt } = parseInput("delegate", Input, input);
    if (context.signal.aborted) throw new CoopError("cancelled", "cancelled before the work was handed on");
    return { ...(await handOn(context, parseHenId(hen), prompt)) };
  }

  return { spec: SPEC, effectOf, invoke };
}

/** The child is found again by the call that made it, so a call that was cut off goes on waiting. */
function effectOf(input: unknown): EffectClass {
  return Input.safeParse(input).success ? "keyed" : "pure";
}
