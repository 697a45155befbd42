import type { CommandSpec, OptionSpec } from "./command-spec.ts";
import { taskCommands } from "./task-commands.ts";

const HEN = { name: "HEN", about: "the hen's id, as local.coop/aria" } as const;
const JOB = { name: "JOB", about: "the job's id, as coop job run prints it" } as const;
const INTERVAL: OptionSpec = {
  name: "interval-s",
  value: "SECS",
  about: "how often to ask, where events cannot be watched [default 2]",
};
const TIMEOUT: OptionSpec = {
  name: "timeout-s",
  value: "SECS",
  about: "give up waiting after this long, 0 never [default 600]; the job goes on",
};

const DATA_DIR: OptionSpec = {
  name: "data-dir",
  value: "DIR",
  about: "this data directory, which no daemon holds, instead of asking one",
};
const ONCE: OptionSpec = {
  name: "idempotency-key",
  value: "KEY",
  about: "with the same key this is done once, however often it is said within a day",
};

const LEASE: OptionSpec = { name: "lease", value: "ID", about: "run it under this lease of the hen" };

/** Every command, in the order of the help. Each loads its own code, so that a quick one stays quick. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    path: ["farm"],
    summary: "show the farm: its hens and jobs in numbers",
    arguments: [],
    options: [],
    examples: ["coop farm", "coop --api http://pi.local:9700 --token-file ~/.coop/token farm"],
    load: () => import("../commands/farm.ts"),
  },
  {
    path: ["farm", "stop"],
    summary: "cancel what runs and begin no job any more",
    arguments: [],
    options: [],
    examples: ["coop farm stop"],
    notes:
      "It holds over restarts of the daemon. What is queued waits, and new jobs are taken, until coop farm resume.",
    load: () => import("../commands/farm-stop.ts"),
  },
  {
    path: ["farm", "resume"],
    summary: "let a stopped farm begin jobs again",
    arguments: [],
    options: [],
    examples: ["coop farm resume"],
    load: () => import("../commands/farm-resume.ts"),
  },
  {
    path: ["health"],
    summary: "ask the daemon whether it answers",
    arguments: [],
    options: [],
    examples: ["coop health", "coop -q health && echo up"],
    load: () => import("../commands/health.ts"),
  },
  {
    path: ["hen", "create"],
    summary: "create a hen from its manifest",
    arguments: [{ name: "FILE", about: "agent.yaml, or - for standard input" }],
    options: [ONCE],
    examples: ["coop hen create examples/demo.yaml", "sed s/aria/bela/ aria.yaml | coop hen create -"],
    notes: "A script that the manifest names (model: file:NAME) is read from beside it and sent along.",
    load: () => import("../commands/hen-create.ts"),
  },
  {
    path: ["hen", "list"],
    summary: "list the hens",
    arguments: [],
    options: [
      { name: "state", value: "STATE", about: "only those DEFINED, IDLE, WORKING, SLEEPING, …" },
      { name: "limit", value: "N", about: "at most N, 1 to 1000 [default all]" },
      { name: "after", value: "HEN", about: "those behind this one" },
    ],
    examples: ["coop hen list", "coop hen list --state IDLE -q"],
    load: () => import("../commands/hen-list.ts"),
  },
  {
    path: ["hen", "get"],
    summary: "show one hen",
    arguments: [HEN],
    options: [],
    examples: ["coop hen get local.coop/aria", "coop hen get local.coop/aria -o yaml"],
    load: () => import("../commands/hen-get.ts"),
  },
  {
    path: ["hen", "hatch"],
    summary: "bring a hen to life, so that it takes jobs",
    arguments: [HEN],
    options: [],
    examples: ["coop hen hatch local.coop/aria"],
    load: () => import("../commands/hen-hatch.ts"),
  },
  {
    path: ["hen", "sleep"],
    summary: "put a hen to sleep",
    arguments: [HEN],
    options: [{ name: "force", about: "cancel what it does just now, instead of being refused" }],
    examples: ["coop hen sleep local.coop/aria", "coop hen sleep local.coop/aria --force"],
    load: () => import("../commands/hen-sleep.ts"),
  },
  {
    path: ["hen", "wake"],
    summary: "wake a hen",
    arguments: [HEN],
    options: [],
    examples: ["coop hen wake local.coop/aria"],
    load: () => import("../commands/hen-wake.ts"),
  },
  {
    path: ["hen", "archive"],
    summary: "make a hen read-only, for good",
    arguments: [HEN],
    options: [{ name: "force", about: "cancel its jobs first, those that wait too, instead of being refused" }],
    examples: ["coop hen archive local.coop/aria", "coop hen archive local.coop/aria --force"],
    notes: "Its jobs and memory can be read as long as it is not deleted; it never works again.",
    load: () => import("../commands/hen-archive.ts"),
  },
  {
    path: ["hen", "delete"],
    summary: "delete a hen with its jobs, memory and workdir",
    arguments: [HEN],
    options: [{ name: "force", about: "cancel what it does just now, instead of being refused" }],
    examples: ["coop hen delete local.coop/aria", "coop hen delete local.coop/aria --force"],
    load: () => import("../commands/hen-delete.ts"),
  },
  {
    path: ["hen", "memory"],
    summary: "show what a hen remembers, oldest first",
    arguments: [HEN],
    options: [{ name: "limit", value: "N", about: "only the N newest" }],
    examples: ["coop hen memory local.coop/aria --limit 5"],
    load: () => import("../commands/hen-memory.ts"),
  },
  {
    path: ["hen", "forget"],
    summary: "make a hen forget everything",
    arguments: [HEN],
    options: [],
    examples: ["coop hen forget local.coop/aria"],
    load: () => import("../commands/hen-forget.ts"),
  },
  {
    path: ["hen", "delegate"],
    summary: "hand a prompt to another hen in this one's name, and wait for the result",
    arguments: [
      { name: "FROM", about: "the hen that hands the work on" },
      { name: "TO", about: "the hen that does it" },
      { name: "PROMPT", about: "what to do, as one argument; - reads it from standard input" },
    ],
    options: [LEASE, ONCE],
    examples: ['coop hen delegate local.coop/manager local.coop/aria "compare the two drafts"'],
    notes: "Exit codes: 0 DONE, 10 FAILED, 11 CANCELLED, 1 when the daemon waits no longer; the job then goes on.",
    load: () => import("../commands/hen-delegate.ts"),
  },
  {
    path: ["hen", "lease"],
    summary: "let a hen to another: it then runs only jobs of this lease",
    arguments: [HEN, { name: "RENTER", about: "who has it" }, { name: "LEASE", about: "the id that its jobs carry" }],
    options: [{ name: "until", value: "TIME", about: "when it ends by itself, as 2026-03-01T18:00:00Z" }],
    examples: ["coop hen lease local.coop/aria bela lease-7 --until 2026-03-01T18:00:00Z"],
    notes: "Its manifest must allow it (lease.allow_lease). The owner's jobs wait until the lease ends.",
    load: () => import("../commands/hen-lease.ts"),
  },
  {
    path: ["hen", "release"],
    summary: "end a hen's lease",
    arguments: [HEN],
    options: [{ name: "force", about: "cancel what it does just now, instead of being refused" }],
    examples: ["coop hen release local.coop/aria", "coop hen release local.coop/aria --force"],
    notes: "Jobs that are queued under the lease are cancelled.",
    load: () => import("../commands/hen-release.ts"),
  },
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
      { name: "status", value: "STATUS", about: "only QUEUED, RUNNING, DONE, FAILED, CANCELLED; several with commas" },
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
    path: ["job", "logs"],
    summary: "tell what a job did: turns, tool calls, result",
    arguments: [JOB],
    options: [
      { name: "follow", short: "f", about: "go on until the job ends" },
      { name: "lines", value: "N", about: "show at most N lines of each input and output, 0 all [default 12]" },
    ],
    examples: [
      "coop job logs -f 0195b2c4-0000-7abc-8def-000000000001",
      "coop job logs -o jsonl 0195b2c4-0000-7abc-8def-000000000001",
    ],
    notes: "With -o json, jsonl or yaml it prints the journal's entries as they are; in a pipe JSON is the default.",
    load: () => import("../commands/job-logs.ts"),
  },
  ...taskCommands([LEASE, ONCE]),
  {
    path: ["watch"],
    summary: "print what happens on the farm as it happens",
    arguments: [],
    options: [{ name: "since", value: "SEQ", about: "first replay what happened behind this event" }],
    examples: ["coop watch", 'coop watch --since 0 | grep \'"type":"job_status_changed"\''],
    notes:
      "In a pipe each event is one line of compact JSON, its type first. A connection that breaks off is opened again " +
      "behind the last event; Ctrl-C ends it with exit code 130, a daemon that shuts down with 0.",
    load: () => import("../commands/watch.ts"),
  },
  {
    path: ["doctor"],
    summary: "show what the host enforces, or try to break out",
    arguments: [],
    options: [
      { name: "attack", about: "start a real hen's sandbox on this machine and try to break out of it" },
      { name: "store", about: "measure the store instead, and look for faults in it" },
      DATA_DIR,
    ],
    examples: [
      "coop doctor",
      "coop doctor --attack",
      "coop doctor --store",
      "coop doctor -o json | jq '.rows[] | select(.holds | not)'",
    ],
    notes:
      "Asks the daemon; where none answers, the command measures this machine itself. Exit code 7 when a wall is missing, " +
      "and with --attack when an attempt got out; 1 with --store when something is wrong with it.",
    load: () => import("../commands/doctor.ts"),
  },
  {
    path: ["backup"],
    summary: "write the whole farm to one file",
    arguments: [{ name: "FILE", about: "where to; a file that is there is replaced when the new one is sound" }],
    options: [{ name: "no-workdirs", about: "only the store: hens, jobs, journals, memory" }, DATA_DIR],
    examples: ["coop backup farm.coop", "coop backup farm.coop --data-dir ~/.coop"],
    notes:
      "The daemon goes on meanwhile. With --data-dir it works without one. What cannot be kept is named on stderr.",
    load: () => import("../commands/backup.ts"),
  },
  {
    path: ["restore"],
    summary: "make a data directory of a backup",
    arguments: [{ name: "FILE", about: "as coop backup wrote it" }],
    options: [{ name: "data-dir", value: "DIR", about: "where to; it must be empty or not there" }],
    examples: ["coop restore farm.coop --data-dir ./farm-again"],
    notes: "Works without a daemon. The directory is there whole, or not at all.",
    load: () => import("../commands/restore.ts"),
  },
  {
    path: ["schema"],
    summary: "print the JSON Schema of agent.yaml",
    arguments: [],
    options: [],
    examples: ["coop schema >coop.schema.json"],
    notes: "Works without a daemon.",
    load: () => import("../commands/schema.ts"),
  },
  {
    path: ["validate"],
    summary: "check manifests and name every fault with its line",
    arguments: [{ name: "FILE", about: "agent.yaml, or - for standard input", isMany: true }],
    options: [],
    examples: ["coop validate examples/*.yaml", "coop validate -o json agent.yaml"],
    notes: "Works without a daemon. Prints FILE:LINE:COLUMN lines, in a pipe too; exit code 2 when a file has faults.",
    load: () => import("../commands/validate.ts"),
  },
  {
    path: ["version"],
    summary: "show the versions of this program and of the daemon",
    arguments: [],
    options: [],
    examples: ["coop version"],
    load: () => import("../commands/version.ts"),
  },
];
