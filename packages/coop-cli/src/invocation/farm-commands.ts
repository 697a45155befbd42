import type { CommandSpec } from "./command-spec.ts";

/** `coop farm …` and `coop health`. */
export const FARM_COMMANDS: readonly CommandSpec[] = [
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
];
