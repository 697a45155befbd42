import type { CommandSpec } from "./command-spec.ts";

/** About agent.yaml; they work without a daemon. */
export const MANIFEST_COMMANDS: readonly CommandSpec[] = [
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
];
