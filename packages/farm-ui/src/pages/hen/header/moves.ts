import type { HenAnswer } from "coop-client";
import type { HenState } from "coopd-core";
import { client } from "../../../data/client.ts";
import type { Question } from "../../../kit/confirm.tsx";

/** What a farmer can tell a hen to do. */
export type MoveKey = "hatch" | "wake" | "sleep" | "lease" | "release" | "archive" | "delete";

/** One of them. */
export interface Move {
  readonly key: MoveKey;
  /** On the button. */
  readonly label: string;
  /** `was not …` of a refusal. */
  readonly past: string;
  /** What to say when it went well. */
  readonly done: string;
  readonly tone: "plain" | "main" | "danger";
  /** Asked first; undefined where it can be taken back. `isBusy`: a job runs, which this would cancel. */
  readonly ask?: (name: string, isBusy: boolean) => Question | undefined;
  readonly run: (id: string, force: boolean) => Promise<void>;
}

const MOVES: Readonly<Record<MoveKey, Move>> = {
  hatch: {
    key: "hatch",
    label: "Hatch",
    past: "hatched",
    done: "Hatched, and awake",
    tone: "main",
    run: (id) => client.hens.hatch(id),
  },
  wake: { key: "wake", label: "Wake", past: "woken", done: "Awake", tone: "main", run: (id) => client.hens.wake(id) },
  sleep: {
    key: "sleep",
    label: "Put to sleep",
    past: "put to sleep",
    done: "Asleep",
    tone: "plain",
    ask: (name, isBusy) =>
      isBusy
        ? {
            title: `Put ${name} to sleep over its work?`,
            text: "The job that runs is cancelled and its processes are killed. What waits is kept until it is woken.",
            yes: "Cancel the job and let it sleep",
            isDangerous: true,
          }
        : undefined,
    run: (id, force) => client.hens.sleep(id, { force }),
  },
  lease: { key: "lease", label: "Lease…", past: "let", done: "Let", tone: "plain", run: async () => undefined },
  release: {
    key: "release",
    label: "Release",
    past: "released",
    done: "Yours again",
    tone: "plain",
    ask: (name, isBusy) => ({
      title: `End the lease of ${name}?`,
      text: `${isBusy ? "The job that runs under it is cancelled. " : ""}What is queued under the lease is cancelled; your own jobs go on.`,
      yes: "End the lease",
      isDangerous: isBusy,
    }),
    run: (id, force) => client.hens.release(id, { force }),
  },
  archive: {
    key: "archive",
    label: "Archive…",
    past: "archived",
    done: "Archived",
    tone: "plain",
    ask: (name, isBusy) => ({
      title: `Archive ${name} for good?`,
      text: `It becomes a portrait: its jobs, memory and files can be read, and it never works again.${isBusy ? " The job that runs, and those that wait, are cancelled." : " Jobs that wait are in the way."}`,
      yes: "Archive it",
      isDangerous: true,
    }),
    run: (id, force) => client.hens.archive(id, { force }),
  },
  delete: {
    key: "delete",
    label: "Delete…",
    past: "deleted",
    done: "Gone",
    tone: "danger",
    ask: (name, isBusy) => ({
      title: `Delete ${name}?`,
      text: `The hen goes with its jobs, its memory and everything in its folder. Nothing brings it back but a backup.${isBusy ? " The job that runs is cancelled." : ""}`,
      yes: "Delete it",
      isDangerous: true,
    }),
    run: (id, force) => client.hens.delete(id, { force }),
  },
};

const BY_STATE: Readonly<Record<HenState, readonly MoveKey[]>> = {
  DEFINED: ["hatch", "delete"],
  HATCHING: [],
  IDLE: ["sleep", "lease", "archive", "delete"],
  WORKING: ["sleep", "archive", "delete"],
  LEASED: ["release", "delete"],
  SLEEPING: ["wake", "archive", "delete"],
  DORMANT: ["wake", "archive", "delete"],
  ARCHIVED: ["delete"],
};

/** The moves that are legal now; a hen that works under a lease can be taken back too. */
export function movesOf(hen: HenAnswer): readonly Move[] {
  const isLet = hen.state === "WORKING" && hen.lease.kind === "leased_out";
  const keys: readonly MoveKey[] = isLet ? ["release", "delete"] : BY_STATE[hen.state];
  return keys.map((key) => MOVES[key]);
}

/** A move by its name. */
export function moveOf(key: MoveKey): Move {
  return MOVES[key];
}
