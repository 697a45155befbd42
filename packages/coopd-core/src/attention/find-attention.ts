import type { Enforcement } from "../admit/host-walls.ts";
import type { Hen } from "../hen/hen.ts";
import type { HenWant } from "../hen/needs.ts";
import type { Instant } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { Job } from "../job/job.ts";
import type { EgressEntry } from "../net/egress-log.ts";
import type { Task } from "../task/task.ts";
import type { AttentionAction, AttentionItem } from "./attention.ts";

/** Characters of evidence; the whole stands in the job, the log or the terminal. */
const EVIDENCE_CHARS_MAX = 2_000;

const LIMIT_CODES: readonly string[] = ["limit_reached", "limit_cost"];

/** A job that FAILED: a limit was hit, or something went wrong. */
export function jobNeedsYou(job: Job): AttentionItem {
  const isLimit = LIMIT_CODES.includes(job.error_code ?? "");
  return {
    id: `job:${job.id}`,
    kind: isLimit ? "limit_hit" : "job_failed",
    hen_id: job.hen_id,
    job_id: job.id,
    at: job.ended_at ?? job.updated_at,
    summary: firstLine(job.error ?? "it failed without a word"),
    evidence: cut(
      `prompt: ${job.prompt}\n\n${job.error ?? ""}${job.result === null ? "" : `\n\nlast words: ${job.result}`}`,
    ),
    actions: [
      request("Run it again", `coop job retry ${job.id}`, "POST", `/api/v1/jobs/${job.id}/retry`),
      command("See what it did", `coop job logs ${job.id}`),
      ...(isLimit ? [command("Raise the limit", `coop hen edit ${job.hen_id}`)] : []),
    ],
  };
}

/** A hen whose hatch this host would refuse. */
export function hatchNeedsYou(hen: Hen, verdict: Extract<Enforcement, { kind: "unenforceable" }>): AttentionItem {
  return {
    id: `hatch:${hen.id}:${hen.manifest_revision}`,
    kind: "hatch_refused",
    hen_id: hen.id,
    job_id: null,
    at: hen.updated_at,
    summary: `cannot be hatched here: ${verdict.missing}`,
    evidence: null,
    actions: [
      command("See what this host enforces", "coop doctor"),
      command("Change its policy", `coop hen edit ${hen.id}`),
    ],
  };
}

/** A hen whose jobs wait for something that only a person can bring. */
export function wantNeedsYou(henId: HenId, want: HenWant, since: Instant, jobsWaiting: number): AttentionItem {
  const isVault = want.needs === "vault";
  return {
    id: `${want.needs}:${henId}:${since}`,
    kind: isVault ? "vault_needed" : "walls_missing",
    hen_id: henId,
    job_id: null,
    at: since,
    summary: `${jobsWaiting === 1 ? "1 job waits" : `${jobsWaiting} jobs wait`}: ${firstLine(want.reason)}`,
    evidence: want.next === undefined ? null : cut(want.next),
    actions: isVault ? keyActions(henId, want) : [command("See what this host enforces", "coop doctor")],
  };
}

/** What each command of the vault answers. */
const KEY_COMMANDS: Readonly<Record<string, string>> = {
  unlock: "Unlock the vault",
  put: "Put the key in",
  bind: "Let the key go there",
};

/** The command that whoever missed the key has named; where that was none, a look at the hen, whose `needs_next` says it. */
function keyActions(henId: HenId, { next = "" }: HenWant): readonly AttentionAction[] {
  const label = KEY_COMMANDS[/^coop vault (\w+) /.exec(next)?.[1] ?? ""];
  if (label !== undefined) return [command(label, next)];
  return [command("See what it needs", `coop hen get ${henId}`), command("Change its brain", `coop hen edit ${henId}`)];
}

/** A request to the outside that a job ran into. A name that was looked up and the connection to it are one: one rule allows both. */
export function egressNeedsYou(entry: EgressEntry): AttentionItem {
  const { hen_id, host, port, reason, next, job_id } = entry;
  const place = entry.allow ?? (port === 0 ? host : `${host}:${port}`);
  return {
    id: `egress:${hen_id}:${place}`,
    kind: "egress_denied",
    hen_id,
    job_id,
    at: entry.at,
    summary: firstLine(`${place} was denied: ${reason ?? "no rule lets it out"}`),
    evidence: null,
    actions: [
      ...(next === null ? [] : [command("Allow it", next)]),
      command("See all that it asked for", `coop hen egress ${hen_id} --denied`),
    ],
  };
}

/** A terminal agent that has a task and says nothing, or is gone: it may stand at a prompt. */
export function agentNeedsYou(task: Task, henId: HenId, waiting: string): AttentionItem {
  return {
    id: `agent:${henId}:${task.id}`,
    kind: "agent_waiting",
    hen_id: henId,
    job_id: null,
    at: task.updated_at,
    summary: firstLine(waiting),
    evidence: cut(`task: ${task.prompt}`),
    actions: [
      command("Look in", `coop shell ${henId}`),
      request("It is done", `coop task done ${task.id}`, "POST", `/api/v1/tasks/${task.id}/done`),
      request("Give it out again", `coop task retry ${task.id}`, "POST", `/api/v1/tasks/${task.id}/retry`),
    ],
  };
}

function command(label: string, text: string): AttentionAction {
  return { label, command: text, request: null };
}

function request(label: string, text: string, method: "POST", path: string): AttentionAction {
  return { label, command: text, request: { method, path, body: null } };
}

function firstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function cut(text: string): string {
  return text.length > EVIDENCE_CHARS_MAX ? `${text.slice(0, EVIDENCE_CHARS_MAX - 1)}…` : text;
}
