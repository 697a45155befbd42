import { isTerminalKind } from "../agent/agent-program.ts";
import { CoopError } from "../errors/coop-error.ts";
import type { Hen } from "../hen/hen.ts";
import { assertMove, type HenState } from "../hen/moves.ts";
import { judgeTopic } from "../lease/topic-filter.ts";
import { type Manifest, netPolicyOf } from "../manifest/manifest.ts";
import { requireCapabilities } from "../models/capabilities.ts";
import type { ModelBook } from "../models/model-book.ts";
import { movesToLease, requireLeasable, requireLeased } from "./admit-lease.ts";
import { isAwake, requireReplaceable } from "./admit-manifest.ts";
import { refuseJobOfAgent, requireConfinement, requireKeysAllowed } from "./admit-terminal.ts";
import { judgeEnforcement } from "./enforcement.ts";
import type { HostWalls } from "./host-walls.ts";

/** Who asks for what. */
export type AdmitRequest =
  | { readonly action: "hatch"; readonly hen: Hen; readonly walls: HostWalls; readonly models: ModelBook }
  | { readonly action: "sleep" | "delete"; readonly hen: Hen; readonly runningJobId: string | null }
  | { readonly action: "wake"; readonly hen: Hen; readonly runningJobId: string | null; readonly walls: HostWalls }
  | { readonly action: "archive"; readonly hen: Hen; readonly runningJobId: string | null; readonly queuedJobs: number }
  | (Prompt & { readonly action: "job" })
  /** Another manifest for a hen that is there. */
  | {
      readonly action: "manifest";
      readonly hen: Hen;
      readonly next: Manifest;
      readonly walls: HostWalls;
      readonly models: ModelBook;
    }
  /** A claimed job is about to go on, which may be long after it was admitted, in another daemon on a changed host. */
  | { readonly action: "run"; readonly hen: Hen; readonly walls: HostWalls }
  /** Wakes a hen that is asleep by itself, as a job does, and none that the farmer put to sleep or never hatched. */
  | (Prompt & { readonly action: "task" })
  /** Keys for the hen's terminal, by hand or by `shell/send`; opens one where there is none. Watching asks nobody. */
  | { readonly action: "terminal"; readonly hen: Hen; readonly walls: HostWalls }
  | {
      readonly action: "lease";
      readonly hen: Hen;
      readonly walls: HostWalls;
      readonly runningJobId: string | null;
      /** Milliseconds since 1970; null when only a release ends it. */
      readonly endsMs: number | null;
      readonly nowMs: number;
    }
  | {
      readonly action: "release";
      readonly hen: Hen;
      /** Null too when what runs shall be cancelled. */
      readonly runningJobId: string | null;
    }
  | { readonly action: "tool"; readonly hen: Hen; readonly tool: string; readonly leaseId: string | null };

/** A prompt for a hen. */
interface Prompt {
  readonly hen: Hen;
  readonly walls: HostWalls;
  readonly prompt: string;
  /** UTF-8 bytes; 0 switches the cap off. */
  readonly promptBytesMax: number;
  readonly leaseId: string | null;
}

/** What must happen before what was asked for, in order; empty when nothing must. */
export interface Admission {
  readonly moves: readonly HenState[];
}

/** The states in which a hen takes a job as it is. */
export const OPEN_STATES: readonly HenState[] = ["HATCHING", "IDLE", "WORKING", "LEASED"];

const GO_AHEAD: Admission = { moves: [] };

/**
 * The only place that says whether something may happen: every entrance asks it, no route holds a rule
 * (architecture §3). A strict hen never comes to life where its policy cannot be enforced, whichever way it is woken.
 *
 * @throws CoopError with the code of the rule that refuses and what the caller can do about it.
 */
export function admit(request: AdmitRequest): Admission {
  switch (request.action) {
    case "hatch":
      return admitHatch(request);
    case "sleep":
      return admitRest(request.hen, "SLEEPING", request.runningJobId);
    case "wake":
      return admitWake(request.hen, request.runningJobId, request.walls);
    case "archive":
      return admitArchive(request.hen, request.runningJobId, request.queuedJobs);
    case "delete":
      refuseBusy(request.hen, request.runningJobId);
      return GO_AHEAD;
    case "job":
    case "task":
      return admitJob(request);
    case "manifest":
      requireReplaceable(request.hen, request.next);
      if (request.hen.state !== "DEFINED") requireCapabilities(request.next, request.models); // as it was when it hatched
      if (isAwake(request.hen)) requireWalls({ ...request.hen, manifest: request.next }, request.walls);
      return GO_AHEAD;
    case "run":
      requireWalls(request.hen, request.walls);
      return GO_AHEAD;
    case "lease":
      return admitLease(request);
    case "terminal":
      return admitTerminal(request.hen, request.walls);
    case "release":
      requireLeased(request.hen);
      refuseBusy(request.hen, request.runningJobId);
      return GO_AHEAD;
    case "tool":
      return admitTool(request.hen, request.tool, request.leaseId);
  }
}

function admitHatch({ hen, walls, models }: Extract<AdmitRequest, { action: "hatch" }>): Admission {
  assertMove(hen.id, hen.state, "HATCHING");
  requireWalls(hen, walls);
  requireCapabilities(hen.manifest, models);
  return { moves: ["HATCHING", "IDLE"] };
}

function admitRest(hen: Hen, to: HenState, runningJobId: string | null): Admission {
  refuseBusy(hen, runningJobId);
  assertMove(hen.id, hen.state, to);
  return { moves: [to] };
}

function admitWake(hen: Hen, runningJobId: string | null, walls: HostWalls): Admission {
  refuseBusy(hen, runningJobId);
  if (hen.state !== "SLEEPING" && hen.state !== "DORMANT") {
    throw new CoopError("illegal_move", `${hen.id} is ${hen.state}; only a SLEEPING or DORMANT hen can be woken`, {
      next: hen.state === "DEFINED" ? `Hatch it: coop hen hatch ${hen.id}` : `See it: coop hen get ${hen.id}`,
      details: { hen_id: hen.id, from: hen.state, to: "IDLE" },
    });
  }
  requireWalls(hen, walls);
  return { moves: ["IDLE"] };
}

/** An archived hen never works again, so nothing may wait for it. */
function admitArchive(hen: Hen, runningJobId: string | null, queuedJobs: number): Admission {
  refuseBusy(hen, runningJobId);
  if (queuedJobs > 0) {
    throw new CoopError("hen_busy", `${hen.id} has jobs waiting`, {
      next: `Let them run, or cancel them with it: coop hen archive ${hen.id} --force`,
      details: { hen_id: hen.id, job_id: null },
    });
  }
  if (hen.state === "IDLE" || hen.state === "SLEEPING") return { moves: ["DORMANT", "ARCHIVED"] };
  assertMove(hen.id, hen.state, "ARCHIVED");
  return { moves: ["ARCHIVED"] };
}

function refuseBusy(hen: Hen, runningJobId: string | null): void {
  if (runningJobId === null) return;
  throw new CoopError("hen_busy", `${hen.id} is working on job ${runningJobId}`, {
    next: `Wait for it: coop job wait ${runningJobId}`,
    details: { hen_id: hen.id, job_id: runningJobId },
  });
}

function admitLease(request: Extract<AdmitRequest, { action: "lease" }>): Admission {
  const moves = movesToLease(request.hen, request.endsMs, request.nowMs);
  refuseBusy(request.hen, request.runningJobId);
  requireWalls(request.hen, request.walls);
  return { moves };
}

function admitJob(request: Extract<AdmitRequest, { action: "job" | "task" }>): Admission {
  const { hen, prompt, promptBytesMax } = request;
  requirePromptFits(prompt, promptBytesMax);
  refuseArchived(hen);
  if (request.action === "job") refuseJobOfAgent(hen);
  if (request.leaseId !== null) requireLeasable(hen);
  refuseForeignTopic(hen, prompt, request.leaseId);
  requireWalls(hen, request.walls);
  if (request.action === "task") {
    requireIdle(hen);
    return hen.state === "DORMANT" ? { moves: ["IDLE"] } : GO_AHEAD;
  }
  return movesUp(hen);
}

function admitTerminal(hen: Hen, walls: HostWalls): Admission {
  refuseArchived(hen);
  requireKeysAllowed(hen);
  requireConfinement(hen, walls);
  requireWalls(hen, walls);
  if (hen.state === "HATCHING") throw new CoopError("hen_busy", `${hen.id} is hatching`, { next: "Try again." });
  return movesUp(hen);
}

function movesUp(hen: Hen): Admission {
  if (hen.state === "DEFINED") return { moves: ["HATCHING", "IDLE"] };
  if (hen.state === "SLEEPING" || hen.state === "DORMANT") return { moves: ["IDLE"] };
  return GO_AHEAD;
}

function refuseArchived(hen: Hen): void {
  if (hen.state !== "ARCHIVED") return;
  throw new CoopError("hen_archived", `${hen.id} is archived and takes no more work`, {
    next: "Create another hen from its manifest.",
    details: { hen_id: hen.id },
  });
}

/** @throws CoopError `prompt_too_large`, by UTF-8 bytes; a limit of 0 is none */
export function requirePromptFits(prompt: string, promptBytesMax: number): void {
  const promptBytes = new TextEncoder().encode(prompt).length;
  if (promptBytesMax === 0 || promptBytes <= promptBytesMax) return;
  throw new CoopError("prompt_too_large", `the prompt has ${promptBytes} bytes; the limit is ${promptBytesMax}`, {
    next: "Shorten it, put the material into the hen's workdir, or raise COOP_MAX_PROMPT_BYTES.",
    details: { bytes: promptBytes, bytes_max: promptBytesMax },
  });
}

function requireIdle(hen: Hen): void {
  if (hen.state === "IDLE" || hen.state === "LEASED" || hen.state === "DORMANT") return;
  throw new CoopError("hen_busy", `${hen.id} is ${hen.state}, not idle`, { details: { hen_id: hen.id } });
}

/** Whatever lease the job names: it may be queued before that lease begins, and runs under it without being asked again. */
function refuseForeignTopic(hen: Hen, prompt: string, leaseId: string | null): void {
  const filter = hen.manifest.lease?.topic_filter ?? null;
  if (filter === null || leaseId === null) return;
  const verdict = judgeTopic(filter, prompt);
  if (verdict.pass) return;
  throw new CoopError("topic_refused", `${hen.id} is leased under a topic filter that this prompt does not pass`, {
    next: "Change the prompt; the owner's manifest says what the lease covers (lease.topic_filter).",
    details: { hen_id: hen.id, reason: verdict.reason },
  });
}

/** Tool grants hold at execution, always (weaknesses A2); a lease can only narrow them. */
function admitTool(hen: Hen, tool: string, leaseId: string | null): Admission {
  const granted = hen.manifest.tools;
  const leased = leaseId === null ? null : (hen.manifest.lease?.allowed_tools ?? null);
  if (granted.includes(tool) && (leased === null || leased.includes(tool))) return GO_AHEAD;
  const usable = leased === null ? granted : granted.filter((name) => leased.includes(name));
  throw new CoopError("tool_not_granted", `tool "${tool}" is not granted to this hen`, {
    next: usable.length === 0 ? "This hen has no tools." : `It may use: ${usable.join(", ")}.`,
    details: { tool, granted: usable },
  });
}

function requireWalls(hen: Hen, walls: HostWalls): void {
  const policy = netPolicyOf(hen.manifest);
  if (isTerminalKind(hen.manifest.agent_kind)) requireConfinement(hen, walls);
  const verdict = judgeEnforcement(hen.manifest, walls);
  if (verdict.kind !== "unenforceable") return;
  throw new CoopError("walls_missing", `network policy "${policy}" cannot be enforced here: ${verdict.missing}`, {
    next: "Make this host able to enforce it (on Debian: apt-get install bubblewrap), then try again.",
    details: { hen_id: hen.id, policy, missing: verdict.missing },
  });
}
