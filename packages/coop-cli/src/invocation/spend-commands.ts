import type { CommandSpec, OptionSpec } from "./command-spec.ts";
import { HEN } from "./shared-specs.ts";

const CEILING = (name: string, value: string, about: string): OptionSpec => ({ name, value, about });

/** `coop usage`, `coop farm limits`, `coop brain …`. */
export const SPEND_COMMANDS: readonly CommandSpec[] = [
  {
    path: ["usage"],
    summary: "show what the farm's models have cost",
    arguments: [],
    options: [
      { name: "by", value: "WHAT", choices: ["day", "hen", "model"], about: "day, hen or model [default day]" },
      { name: "since", value: "DAY", about: "from this day on, as 2026-11-26, in UTC [default 30 days]" },
      { name: "until", value: "DAY", about: "up to this day [default today]" },
      { name: "hen", value: "HEN", about: "of this hen only" },
    ],
    examples: ["coop usage", "coop usage --by model --since 2026-11-01", "coop usage --hen local.coop/aria -o json"],
    notes: "A price that is not known is shown as ?, never as nothing. docs/costs.md says where prices come from.",
    load: () => import("../commands/usage.ts"),
  },
  {
    path: ["farm", "limits"],
    summary: "show or set the farm's ceilings on tokens and cost",
    arguments: [],
    options: [
      CEILING("job-tokens", "N", "tokens of every single job, or none"),
      CEILING("job-cost-usd", "USD", "dollars of every single job, or none"),
      CEILING("hen-day-tokens", "N", "tokens of every single hen in a day (UTC), or none"),
      CEILING("hen-day-cost-usd", "USD", "dollars of every single hen in a day, or none"),
      CEILING("day-tokens", "N", "tokens of all hens together in a day, or none"),
      CEILING("day-cost-usd", "USD", "dollars of all hens together in a day, or none"),
    ],
    examples: [
      "coop farm limits",
      "coop farm limits --day-cost-usd 5 --job-cost-usd 0.50",
      "coop farm limits --day-cost-usd none",
    ],
    notes: "They are looked at before each call of a model; a job that could pass one stops with the code limit_cost.",
    load: () => import("../commands/farm-limits.ts"),
  },
  {
    path: ["brain", "test"],
    summary: "ask a hen's model for one word: does it answer, how fast, at what price",
    arguments: [HEN],
    options: [],
    examples: ["coop brain test local.coop/aria"],
    notes: "It takes the way of a job: keys, routing and fallbacks included. The call is paid for like any other.",
    load: () => import("../commands/brain-test.ts"),
  },
];
