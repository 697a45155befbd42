import { JOB_STATUSES } from "coopd-core";
import type { CommandSpec } from "./command-spec.ts";
import { HEN, INTERVAL, JOB, LEASE, ONCE, TIMEOUT } from "./shared-specs.ts";

/** `coop job …`. */
export const JOB_COMMANDS: readonly CommandSpec[] = [
  {
    path: ["job", "run"],
    summary: "give a hen a job",
    arguments: [HEN, { name: "PROMPT", about: "what to do, as one argument; - reads it from standard input" }],
    options: [{ name: "wait", about: "wait for the end and print the result" }, INTERVAL, TIMEOUT, LEASE, ONCE],
    examples: [
      'coop job run local.coop/demo "survey your workdir"',
      'coop job run local.coop/demo "survey your workdir" --wait',
      "coop -q job run --wait local.coop/demo - <prompt.txt >result.txt",
      'coop job run local.coop/demo -- "- a prompt that begins with a dash"',
    ],
    notes: "With --wait the exit code says how the job ended: see `coop job wait --help`.",
    load: () => import("../commands/job-run.ts"),
  },
  {
    path: ["job", "get"],
    summary: "show one job",
    arguments: [JOB],
    options: [],
    examples: ["coop job get 0195b2c4-0000-7abc-8def-000000000001"],
    load: () => import("../commands/job-get.ts"),
  },
  {
    path: ["job", "list"],
    summary: "list jobs, oldest first",
    arguments: [],
    options: [
      { name: "hen-id", value: "HEN", about: "only this hen's" },
      {
        name: "status",
        value: "STATUS",
        choices: JOB_STATUSES,
        about: "only QUEUED, RUNNING, DONE, FAILED, CANCELLED; several with commas",
      },
      {
        name: "since",
        value: "TIME",
        about: "only those created then or later: 2026-03-01T10:00:00Z, or 30m, 12h, 7d",
      },
      { name: "until", value: "TIME", about: "only those created before then" },
      { name: "text", value: "TEXT", about: "only those with this in prompt or result" },
      { name: "limit", value: "N", about: "only the N newest, 0 all [default 50 on a terminal, else all]" },
      { name: "after", value: "JOB", about: "those behind this one in the list; --limit then counts from there" },
      { name: "newest-first", about: "begin with the newest" },
    ],
    examples: [
      "coop job list",
      "coop job list --hen-id local.coop/aria --status QUEUED,RUNNING",
      "coop job list -o jsonl",
      "coop job list --since 24h --text invoice --newest-first",
    ],
    load: () => import("../commands/job-list.ts"),
  },
  {
    path: ["job", "wait"],
    summary: "wait for a job and print it",
    arguments: [JOB],
    options: [INTERVAL, TIMEOUT],
    examples: ["coop job wait 0195b2c4-0000-7abc-8def-000000000001 --timeout-s 60"],
    notes:
      "Exit codes: 0 DONE, 10 FAILED, 11 CANCELLED, 12 still not ended after --timeout-s, 4 no such job. Ctrl-C asks whether " +
      "to cancel the job; in a pipe it leaves it running.",
    load: () => import("../commands/job-wait.ts"),
  },
  {
    path: ["job", "cancel"],
    summary: "cancel jobs, queued or running",
    arguments: [{ ...JOB, isMany: true }],
    options: [],
    examples: [
      "coop job cancel 0195b2c4-0000-7abc-8def-000000000001",
      "coop job cancel 0195b2c4-0000-7abc-8def-000000000001 0195b2c4-0000-7abc-8def-000000000002",
    ],
    notes:
      "When it ends their processes are gone. Exit code 0 when all are CANCELLED, else that of the first that is not: 6 it " +
      "had ended already, 4 no such job; the others are cancelled all the same.",
    load: () => import("../commands/job-cancel.ts"),
  },
  {
    path: ["job", "retry"],
    summary: "give a hen once more what an ended job was asked for",
    arguments: [JOB],
    options: [ONCE],
    examples: ["coop job retry 0195b2c4-0000-7abc-8def-000000000001"],
    notes: "It is a new job, under the limits that the hen's manifest sets by now.",
    load: () => import("../commands/job-retry.ts"),
  },
  {
    path: ["job", "logs"],
    summary: "tell what a job did: turns, tool calls, result",
    arguments: [JOB],
    options: [
      { name: "follow", short: "f", about: "go on until the job ends, with what the brain says as it says it" },
      { name: "lines", value: "N", about: "show at most N lines of each input and output, 0 all [default 12]" },
    ],
    examples: [
      "coop job logs -f 0195b2c4-0000-7abc-8def-000000000001",
      "coop job logs -o jsonl 0195b2c4-0000-7abc-8def-000000000001",
    ],
    notes: "With -o json, jsonl or yaml it prints the journal's entries as they are; in a pipe JSON is the default.",
    load: () => import("../commands/job-logs.ts"),
  },
];
