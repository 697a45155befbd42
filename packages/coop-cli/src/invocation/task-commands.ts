import type { ArgumentSpec, CommandSpec, OptionSpec } from "./command-spec.ts";

const TASK: ArgumentSpec = { name: "TASK", about: "the task's id, as coop task add prints it" };

/** `coop task …`, as rows of the catalog; `shared` are the options that other commands have too. */
export function taskCommands(shared: readonly OptionSpec[]): readonly CommandSpec[] {
  return [
    {
      path: ["task", "list"],
      summary: "list the tasks, newest first, and what they wait for",
      arguments: [],
      options: [],
      examples: ["coop task list", "coop task list -o jsonl"],
      load: () => import("../commands/task-list.ts"),
    },
    {
      path: ["task", "add"],
      summary: "leave a prompt for any fitting terminal-driven hen",
      arguments: [{ name: "PROMPT", about: "what to do, as one argument; - reads it from standard input" }],
      options: [
        { name: "kind", value: "KIND", about: "claude-code, codex, gh-copilot, … [default any of these three]" },
        ...shared,
      ],
      examples: ['coop task add "tidy the repository"', 'coop task add "tidy the repository" --kind codex'],
      load: () => import("../commands/task-add.ts"),
    },
    {
      path: ["task", "done"],
      summary: "mark a task done",
      arguments: [TASK],
      options: [],
      examples: ["coop task done 0195b2c4-0000-7abc-8def-000000000003"],
      load: () => import("../commands/task-done.ts"),
    },
    {
      path: ["task", "retry"],
      summary: "give a task out again that nobody works on any more",
      arguments: [TASK],
      options: [],
      examples: ["coop task retry 0195b2c4-0000-7abc-8def-000000000003"],
      notes: "For one whose agent, terminal or daemon ended while it had it. What was done of it stays done.",
      load: () => import("../commands/task-retry.ts"),
    },
    {
      path: ["task", "cancel"],
      summary: "cancel a task that no hen has yet",
      arguments: [TASK],
      options: [],
      examples: ["coop task cancel 0195b2c4-0000-7abc-8def-000000000003"],
      load: () => import("../commands/task-cancel.ts"),
    },
  ];
}
