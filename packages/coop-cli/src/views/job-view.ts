import { inputOf, type Job } from "coopd-core";
import { type Paint, paintState } from "../output/paint.ts";
import { toPlainLine, toPlainText } from "../output/plain-text.ts";
import { type Column, renderFields } from "../output/table.ts";
import { toAgeText, toClockText, toDurationText } from "../output/time-text.ts";
import { toCostText, toDollars } from "./cost-text.ts";
import { toReasonText } from "./progress-text.ts";

/** `coop job list` on a terminal. */
export function jobColumns(nowMs: number): readonly Column<Job>[] {
  return [
    { title: "JOB", cell: (job) => job.id },
    { title: "HEN", cell: (job) => job.hen_id },
    { title: "STATUS", cell: (job) => job.status, tone: (paint, job, text) => paintState(paint, job.status, text) },
    { title: "TURNS", cell: (job) => String(job.turns), isNumber: true },
    { title: "AGE", cell: (job) => toAgeText(job.created_at, nowMs) },
    { title: "PROMPT", cell: (job) => job.prompt },
  ];
}

/** `coop job get` on a terminal. */
export function renderJob(job: Job, paint: Paint): string {
  const fields = renderFields(
    [
      ["job", paint.bold(toPlainLine(job.id))],
      ["hen", toPlainLine(job.hen_id)],
      ["status", `${paintState(paint, job.status)}${toEffortText(job)}`],
      ["cost", job.cost === undefined || job.turns === 0 ? undefined : costText(job)],
      ["created", toClockText(job.created_at)],
      ["part of", job.parent_job_id ?? undefined],
    ],
    paint,
  );
  return [
    fields,
    block("prompt", job.prompt, paint),
    block("error", toReasonText(job.status, job.error) === "" ? null : job.error, paint),
    block("result", job.result, paint),
  ].join("");
}

/** ` in 12.3 s, 3 turns, 120 tokens in, 45 out`; what a job does not know is left out, as the original's lack most of it. */
export function toEffortText(job: Job): string {
  const { started_at, ended_at, usage, turns } = job;
  const took = started_at && ended_at ? ` in ${toDurationText(Date.parse(ended_at) - Date.parse(started_at))}` : "";
  const parts = [`${turns} ${turns === 1 ? "turn" : "turns"}`];
  if (usage !== undefined) {
    const input = inputOf(usage);
    if (input + usage.output_tokens > 0) parts.push(`${input} tokens in, ${usage.output_tokens} out`);
  }
  return `${took}, ${parts.join(", ")}`;
}

function costText({ cost }: Job): string {
  const handed =
    cost.handed_usd_micros === 0 ? "" : `, and ${toDollars(cost.handed_usd_micros)} by jobs that it handed on`;
  return `${toCostText(cost)}${handed}`;
}

function block(name: string, text: string | null, paint: Paint): string {
  if (text === null || text === "") return "";
  const lines = toPlainText(text).trimEnd().split("\n");
  return `${paint.dim(name)}\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}\n`;
}
