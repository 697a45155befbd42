import type { CommandSpec } from "./command-spec.ts";

/** `coop attention …`. */
export const ATTENTION_COMMANDS: readonly CommandSpec[] = [
  {
    path: ["attention"],
    summary: "show what needs you, and what answers it",
    arguments: [],
    options: [{ name: "evidence", about: "show prompts, errors and screens too" }],
    examples: ["coop attention", "coop attention --evidence", "coop attention -q"],
    notes:
      "Failed jobs and denied requests of the last 7 days, and whatever keeps jobs waiting. A thing goes by itself once it is mended.",
    load: () => import("../commands/attention.ts"),
  },
  {
    path: ["attention", "dismiss"],
    summary: "take things out of that list for good",
    arguments: [{ name: "ID", about: "as coop attention shows it", isMany: true }],
    options: [],
    examples: ["coop attention dismiss job:0195b2c4-0000-7abc-8def-000000000001"],
    load: () => import("../commands/attention-dismiss.ts"),
  },
];
