import { admit } from "../admit/admit.ts";
import type { HostWalls } from "../admit/host-walls.ts";
import { CoopError } from "../errors/coop-error.ts";
import type { Hen } from "../hen/hen.ts";
import type { HenState } from "../hen/moves.ts";
import type { HenId } from "../ids/hen-id.ts";
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
  /** Hens that cannot take one just now, and why, in words for a farmer: they have a task, or their terminal failed. */
  readonly taken?: ReadonlyMap<HenId, string>;
}

/**
 * Finds the hen for a task: of a fitting kind, under the task's lease or the owner's where it has none, idle or asleep by
 * itself, free, and let by `admit`; of several the one that has rested longest, so that work goes round
 * (contract/domain.md §9 let the lowest id win, whatever it was doing). A refusal of one hen does not stop the task: the
 * next may take it.
 */
export function matchTask(task: Task, hens: readonly Hen[], { taken, ...conditions }: MatchConditions): TaskMatch {
  const fitting = hens.filter((hen) => hen.state !== "ARCHIVED" && fitsTask(task, hen.manifest.agent_kind));
  if (fitting.length === 0) return { waitingFor: `a hen of kind ${kindText(task)}` };
  const ours = fitting.filter((hen) => leaseIdOf(hen.lease) === task.lease_id);
  if (ours.length === 0) {
    return { waitingFor: task.lease_id === null ? "the end of a lease" : `the lease ${task.lease_id} to begin` };
  }
  const idle = ours.filter((hen) => REST_STATES.includes(hen.state) && taken?.has(hen.id) !== true).sort(byRest);
  if (idle.length === 0) {
    const states = ours.slice(0, NAMED_MAX).map((hen) => taken?.get(hen.id) ?? `${hen.id} is ${hen.state}`);
    return { waitingFor: `an idle hen: ${states.join(", ")}` };
  }
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

/** What a farmer put to sleep stays so; what fell asleep by itself wakes for a task, as for a job. */
const REST_STATES: readonly HenState[] = ["IDLE", "LEASED", "DORMANT"];

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
