import type { CommandSpec } from "./command-spec.ts";
import { HEN } from "./shared-specs.ts";

/** `coop shell`, `coop hen send`, `coop terminals`. */
export const TERMINAL_COMMANDS: readonly CommandSpec[] = [
  {
    path: ["shell"],
    summary: "attach this terminal to a hen's",
    arguments: [HEN],
    options: [
      { name: "read-only", about: "only watch" },
      { name: "detach-key", value: "KEY", about: "what leaves the terminal without ending it [default C-]]" },
    ],
    examples: ["coop shell local.coop/aria", "coop shell local.coop/aria --read-only"],
    notes:
      "Its program runs inside the hen's sandbox and goes on when you detach. The exit code is the program's, 0 after " +
      "detaching.",
    load: () => import("../commands/shell.ts"),
  },
  {
    path: ["hen", "send"],
    summary: "type into a hen's terminal",
    arguments: [
      HEN,
      { name: "TEXT", about: "typed as it is, then Enter; - reads it from standard input", isOptional: true },
    ],
    options: [
      { name: "keys", value: "KEYS", about: 'keys by name behind the text, as in "C-c" or "Up Enter"' },
      { name: "no-enter", about: "do not press Enter" },
    ],
    examples: ['coop hen send local.coop/aria "ls -l"', 'coop hen send local.coop/aria --keys "C-c"'],
    load: () => import("../commands/hen-send.ts"),
  },
  {
    path: ["terminals"],
    summary: "list live terminals: what runs, since when, who watches",
    arguments: [],
    options: [],
    examples: ["coop terminals", "coop terminals -q"],
    load: () => import("../commands/terminals.ts"),
  },
];
