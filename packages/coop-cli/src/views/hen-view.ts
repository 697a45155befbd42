import type { HenAnswer, HenUsageAnswer } from "coop-client";
import { type Hen, type HenUsage, inputOf, netPolicyOf } from "coopd-core";
import { type Paint, paintState } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { type Column, renderFields } from "../output/table.ts";
import { toAgeText, toClockText } from "../output/time-text.ts";
import { toCostText } from "./cost-text.ts";

/** `coop hen list` on a terminal. */
export function henColumns(nowMs: number): readonly Column<Hen>[] {
  return [
    { title: "HEN", cell: (hen) => hen.id },
    { title: "STATE", cell: (hen) => hen.state, tone: (paint, hen, text) => paintState(paint, hen.state, text) },
    { title: "BRAIN", cell: brainText },
    { title: "NETWORK", cell: (hen) => netPolicyOf(hen.manifest) },
    { title: "SINCE", cell: (hen) => toAgeText(hen.updated_at, nowMs) },
    { title: "TOOLS", cell: (hen) => hen.manifest.tools.join(" ") || "none" },
  ];
}

/** `coop hen get` on a terminal; `usage` is undefined where the daemon does not count. */
export function renderHen(hen: HenAnswer, usage: HenUsageAnswer | undefined, paint: Paint): string {
  const { manifest, lineage } = hen;
  const parent = lineage.parent === null ? "" : ` of ${lineage.parent}`;
  const prompt = manifest.personality?.system_prompt ?? "";
  return renderFields(
    [
      ["hen", paint.bold(toPlainLine(hen.id))],
      ["state", `${paintState(paint, hen.state)} since ${toClockText(hen.updated_at)}`],
      ["brain", toPlainLine(brainText(hen))],
      ["kind", manifest.agent_kind === "anthropic" ? "" : toPlainLine(manifest.agent_kind)],
      ["tools", toPlainLine(manifest.tools.join(", ")) || "none"],
      ["network", toPlainLine(networkText(hen))],
      ["walls", wallsText(hen, paint)],
      ["needs", needsText(hen, paint)],
      ["lease", toPlainLine(leaseText(hen))],
      ["jobs", usage && jobsText(usage)],
      ["used", usage && `${usage.turns} turns, ${tokensText(usage)}`],
      ["cost", usage?.spend && toCostText(usage.spend.cost)],
      ["today", usage?.today && usage.today.calls > 0 ? toCostText(usage.today.cost) : undefined],
      ["prompt", toPlainLine(prompt)],
      ["created", `${toClockText(hen.created_at)}, generation ${lineage.generation}${toPlainLine(parent)}`],
    ],
    paint,
  );
}

/** What the host holds of the policy; the original does not say. */
function wallsText({ enforcement, enforcement_reason }: HenAnswer, paint: Paint): string {
  if (enforcement === undefined) return "";
  const tone = enforcement === "unenforceable" ? paint.red : enforcement === "denied_all" ? paint.yellow : paint.green;
  const reason = enforcement_reason ?? "";
  return `${tone(toPlainLine(enforcement))}${reason === "" ? "" : ` (${toPlainLine(reason)})`}`;
}

/** What its jobs wait for, and what helps. */
function needsText({ needs, needs_reason, needs_next }: HenAnswer, paint: Paint): string {
  if (needs === undefined || needs === null) return "";
  const next = needs_next === null || needs_next === undefined ? "" : ` ${toPlainLine(needs_next)}`;
  return `${paint.red(toPlainLine(needs))}: ${toPlainLine(needs_reason ?? "")}.${next}`;
}

function jobsText({ jobs }: HenUsage): string {
  return `${jobs.done} done, ${jobs.failed} failed, ${jobs.cancelled} cancelled`;
}

function tokensText(usage: HenUsage): string {
  const { output_tokens, cache_tokens } = usage;
  const cached = cache_tokens === 0 ? "" : ` (${cache_tokens} from a cache)`;
  return `${inputOf(usage)} tokens in${cached}, ${output_tokens} out`;
}

function leaseText({ lease }: Hen): string {
  if (lease.kind === "owner") return "";
  if (lease.kind === "leased_in") return `${lease.lease_id}, from ${lease.provider}`;
  const until = lease.expires_at ? `, until ${toClockText(lease.expires_at)}` : "";
  return `${lease.lease_id}, to ${lease.renter}${until}`;
}

function brainText(hen: Hen): string {
  const { provider, model, fallbacks } = hen.manifest.brain;
  const more = fallbacks.length === 0 ? "" : ` +${fallbacks.length}`;
  return `${model} (${provider})${more}`;
}

function networkText(hen: Hen): string {
  const rules = hen.manifest.network?.allow ?? [];
  const hosts = rules.map((rule) => `${rule.host}:${rule.ports.join(",")}`);
  return hosts.length === 0 ? netPolicyOf(hen.manifest) : `${netPolicyOf(hen.manifest)}: ${hosts.join(" ")}`;
}
