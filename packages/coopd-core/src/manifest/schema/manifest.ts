import * as z from "zod";
import { isHenName, parseHenId } from "../../ids/hen-id.ts";
import { AGENT_KINDS, type Manifest } from "../manifest.ts";
import { TOOL_NAMES } from "../tool-names.ts";
import { brainSchema } from "./brain.ts";
import { leaseSchema } from "./lease.ts";
import { decimal, freeMap, oneOf, orNull, text, whole } from "./leaves.ts";
import { networkSchema } from "./network.ts";

/** A hundred years. */
const DAYS_MAX = 36_500;
/** 16 TiB: more than any host that Coop runs on. */
const MB_MAX = 16_777_216;
const CPUS_MAX = 1024;
/** Far beyond any bill that somebody means to pay; as millionths it is still an exact number. */
const USD_MAX = 1_000_000;
const TOKENS_MAX = 1_000_000_000_000;

function nameFault(name: string): string | null {
  if (isHenName(name)) return null;
  return name === "" ? "is empty" : "is not a hen name";
}

function henIdFault(id: string): string | null {
  try {
    parseHenId(id);
    return null;
  } catch {
    return "is not a hen id";
  }
}

function argumentFault(argument: string): string | null {
  return argument === "" ? "is empty" : null;
}

/** Kernel interfaces give a process more than files, so they are never opened to one. */
const NEVER_READ = ["/proc", "/sys", "/dev", "/run"];

function hostPathFault(path: string): string | null {
  if (!path.startsWith("/")) return "is not absolute";
  if (path === "/") return "is the whole host";
  if (
    path
      .slice(1)
      .split("/")
      .some((part) => part === "" || part === "." || part === "..")
  ) {
    return "has an empty part, `.` or `..` in it";
  }
  const never = NEVER_READ.find((root) => path === root || path.startsWith(`${root}/`));
  return never === undefined ? null : `lies in ${never}, which no hen may read`;
}

const AGENT = z.strictObject({
  done_marker: orNull(text({ max: 256 }), "A text that the agent prints when it is done."),
  idle_secs: orNull(whole(1, 86_400), "Seconds without output after which the agent counts as waiting."),
});

const PERSONALITY = z.strictObject({
  // as long as the manifest itself may be
  system_prompt: orNull(text({ max: 262_144 }), "The system prompt."),
  traits: freeMap().default({}).describe("Free notes. Kept, not used."),
});

const VISUAL = z.strictObject({
  avatar_url: orNull(text({ max: 2048 }), "Picture in the Farm UI."),
  emoji: orNull(text({ max: 64 }), "Emoji in the Farm UI."),
  theme_color: orNull(text({ max: 64 }), "Colour in the Farm UI."),
});

const MEMORY = z.strictObject({
  episodic_retention_days: orNull(whole(0, DAYS_MAX), "Days that a finished job is remembered; 0: for ever."),
  semantic_summarize_every: orNull(whole(0, 4_294_967_295), "Not used."),
  inherit_from: orNull(
    text({ max: 286, fault: henIdFault, expected: "a full hen id, as in local.coop/aria" }),
    "A hen whose memory is copied when this one is created.",
  ),
});

const RESOURCES = z.strictObject({
  ram_request_mb: orNull(whole(1, MB_MAX), "Memory that the hen should find free, in MiB."),
  // less, and a shell with a few children no longer starts
  ram_limit_mb: orNull(whole(32, MB_MAX), "Memory that its processes may use, in MiB."),
  cpu_request: orNull(decimal(0, CPUS_MAX), "Cores that the hen should find free."),
  cpu_limit: orNull(decimal(0, CPUS_MAX), "Cores that its processes may use."),
  prefer_roost: orNull(text({ max: 256 }), "Not used."),
  disk_mb: orNull(whole(1, MB_MAX), "Disk that its workdir may use, in MiB."),
});

const SCHEDULING = z.strictObject({
  placement: orNull(text({ max: 256 }), "Not used."),
  restart_policy: orNull(text({ max: 256 }), "Not used."),
  max_concurrent_jobs: orNull(whole(1, 64), "Jobs of this hen that may run at once; 1 unless said."),
});

const LIMITS = z.strictObject({
  max_turns: orNull(whole(1, 10_000), "Turns of one job; 16 unless said."),
  wall_secs: orNull(whole(1, 2_592_000), "Seconds from a job's start to its end; at most 30 days."),
  output_tokens: orNull(whole(1, 1_000_000_000), "Output tokens of one job."),
  tokens: orNull(whole(1, TOKENS_MAX), "Input and output tokens of one job; checked before each call, as all below."),
  cost_usd: orNull(decimal(0, USD_MAX), "US dollars that one job may cost."),
  day_tokens: orNull(whole(1, TOKENS_MAX), "Tokens of the hen in one day (UTC)."),
  day_cost_usd: orNull(decimal(0, USD_MAX), "US dollars that the hen may cost in one day (UTC)."),
  total_tokens: orNull(whole(1, TOKENS_MAX), "Tokens of the hen in its whole life."),
  total_cost_usd: orNull(decimal(0, USD_MAX), "US dollars that the hen may cost in its whole life."),
});

const RETENTION = z.strictObject({
  jobs_days: orNull(whole(1, DAYS_MAX), "Days that finished jobs and their journals are kept; for ever unless said."),
});

const SANDBOX = z.strictObject({
  read: z
    .array(text({ fault: hostPathFault, expected: "an absolute host path, as in /srv/datasets" }))
    .max(32)
    .default([])
    .describe("Host paths that the hen's processes may read, never write."),
});

/** agent.yaml: the one source of its keys, types, ranges, defaults and descriptions (contract/manifest.md). */
export const manifestSchema = z.strictObject({
  spec_version: oneOf(["coop/v1"]).describe("The version of this format."),
  name: text({
    max: 32,
    fault: nameFault,
    expected: "1-32 characters of a-z 0-9 -, the first a letter, as in aria",
  }).describe("The hen's name: 1-32 characters of a-z 0-9 -, the first a letter."),
  sex: oneOf(["hen", "rooster"]).default("hen").describe("How it looks in the Farm UI."),
  agent_kind: oneOf(AGENT_KINDS)
    .default("anthropic")
    .describe("anthropic: thinks in the daemon, whatever the provider. The others are driven through a terminal."),
  agent_command: z
    .array(text({ fault: argumentFault, expected: "a word of the command line" }))
    .max(64)
    .default([])
    .describe("The command line of an agent_kind custom hen."),
  agent: orNull(AGENT, "How a terminal agent is watched."),
  brain: brainSchema.describe("The model that the hen thinks with."),
  tools: z.array(oneOf(TOOL_NAMES)).default([]).describe("The tools that the hen may use; no others."),
  personality: orNull(PERSONALITY, "Who the hen is."),
  visual: orNull(VISUAL, "How the hen looks in the Farm UI."),
  memory: orNull(MEMORY, "What the hen remembers."),
  resources: orNull(RESOURCES, "What of the host its processes may use."),
  scheduling: orNull(SCHEDULING, "When its jobs run."),
  limits: orNull(LIMITS, "What its jobs may use; a job that meets a limit stops and says which."),
  retention: orNull(RETENTION, "How long finished things are kept."),
  lease: orNull(leaseSchema, "Whether and how the hen may be leased."),
  network: orNull(networkSchema, "Where its tools and processes may connect to. Left out: any public host."),
  sandbox: orNull(SANDBOX, "What its processes see of the host besides the system's programs."),
  metadata: freeMap().default({}).describe("Free notes. Kept as they are."),
}) satisfies z.ZodType<Manifest>;
