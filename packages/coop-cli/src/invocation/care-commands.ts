import type { CommandSpec } from "./command-spec.ts";
import { DATA_DIR } from "./shared-specs.ts";

/** What keeps a farm well: watching it, its walls, its store, its backups. */
export const CARE_COMMANDS: readonly CommandSpec[] = [
  {
    path: ["watch"],
    summary: "print what happens on the farm as it happens",
    arguments: [],
    options: [
      { name: "since", value: "SEQ", about: "first replay what happened behind this event" },
      { name: "types", value: "TYPES", about: "only events of these types, with commas" },
      { name: "hen", value: "HEN", about: "only events about this hen" },
    ],
    examples: [
      "coop watch",
      "coop watch --types job_status_changed --hen local.coop/aria",
      'coop watch --since 0 | grep \'"type":"job_status_changed"\'',
    ],
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
    options: [
      { name: "no-workdirs", about: "only the store and the vault: hens, jobs, journals, memory, keys" },
      DATA_DIR,
    ],
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
];
