import { admit } from "../admit/admit.ts";
import type { HostWalls } from "../admit/host-walls.ts";
import { CoopError } from "../errors/coop-error.ts";
import type { Hen } from "../hen/hen.ts";
import { leaseIdOf } from "../lease/lease.ts";
import { CLI_KINDS, fitsTask, type Task } from "./task.ts";

/** The hen that a task goes to, or what it waits for, in words for a farmer. */
export type TaskMatch =
  | { readonly hen: Hen; readonly waitingFor?: never }
  | { readonly hen?: never; readonly waitingFor: string };

/** What `admit` is asked with. */
export interface MatchConditions {
  readonly walls: HostWalls;
  readonly promptBytesMax: number;
}

/**
 * Finds the hen for a task: of a fitting kind, under the task's lease or the owner's where it has none, idle, and let by
 * `admit`; of several the one that has been idle longest, so that work goes round (contract/domain.md §9 let the lowest id
 * win, whatever it was doing). A refusal of one hen does not stop the task: the next may take it.
 */
export function matchTask(task: Task, hens: readonly Hen[], conditions: MatchConditions): TaskMatch {
  const fitting = hens.filter((hen) => hen.state !== "ARCHIVED" && fitsTask(task, hen.manifest.agent_kind));
  if (fitting.length === 0) return { waitingFor: `a hen of kind ${kindText(task)}` };
  const ours = fitting.filter((hen) => leaseIdOf(hen.lease) === task.lease_id);
  if (ours.length === 0) {
    return { waitingFor: task.lease_id === null ? "the end of a lease" : `the lease ${task.lease_id} to begin` };
  }
  const idle = ours.filter((hen) => hen.state === "IDLE" || hen.state === "LEASED").sort(byRest);
  if (idle.length === 0) return { waitingFor: `an idle hen: ${ours.slice(0, NAMED_MAX).map(stateText).join(", ")}` };
  let refusal: CoopError | undefined;
  for (const hen of idle) {
    try {
      admit({ action: "task", hen, prompt: task.prompt, leaseId: task.lease_id, ...conditions });
      return { hen };
    } catch (error) {
      if (!(error instanceof CoopError)) throw error;
      refusal ??= error;
    }
  }
  return { waitingFor: `a hen that may take it: ${refusal?.message}` };
}

/** Hens that a text names; a farm with more of them has a list. */
const NAMED_MAX = 3;

/** `updated_at` is when a hen came to its state. */
function byRest(a: Hen, b: Hen): number {
  const [first, second] = [Date.parse(a.updated_at), Date.parse(b.updated_at)];
  return first === second ? (a.id < b.id ? -1 : 1) : first - second;
}

function kindText(task: Task): string {
  return task.required_agent_kind ?? `${CLI_KINDS.slice(0, -1).join(", ")} or ${CLI_KINDS.at(-1)}`;
}

function stateText(hen: Hen): string {
  return `${hen.id} is ${hen.state}`;
}
