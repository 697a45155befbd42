import type { CommandSpec, OptionSpec } from "./command-spec.ts";
import { HEN } from "./shared-specs.ts";

const TARGET = {
  name: "HOST",
  about: "a host, or *. before one, and perhaps a port, as api.example.org:8443",
} as const;
const DRY_RUN: OptionSpec = { name: "dry-run", about: "only show what would change" };

/** `coop hen egress`, `allow` and `deny`. */
export const NETWORK_COMMANDS: readonly CommandSpec[] = [
  {
    path: ["hen", "egress"],
    summary: "show what a hen asked of the network, and what was denied",
    arguments: [HEN],
    options: [
      { name: "follow", short: "f", about: "go on with what it asks from now on" },
      { name: "denied", about: "only what was not let out" },
      { name: "job", value: "JOB", about: "only what was asked in the name of this job" },
      { name: "limit", value: "N", about: "only the N newest, 0 all [default 50 on a terminal, else all]" },
    ],
    examples: ["coop hen egress local.coop/aria --denied", "coop hen egress local.coop/aria -f"],
    notes: "Kept for 30 days, the newest 10,000 rows. With --follow each row is one line of JSON in a pipe.",
    load: () => import("../commands/hen-egress.ts"),
  },
  {
    path: ["hen", "allow"],
    summary: "let a hen reach a host",
    arguments: [HEN, TARGET],
    options: [{ name: "private", about: "a host of this machine or its network, which is closed otherwise" }, DRY_RUN],
    examples: [
      "coop hen allow local.coop/aria api.example.org",
      "coop hen allow local.coop/aria db.lan:5432 --private",
    ],
    notes:
      "Makes the smallest change of the manifest's network block and shows it; comments stay. The port is 443 where none is " +
      "said. It holds at once.",
    load: () => import("../commands/hen-allow.ts"),
  },
  {
    path: ["hen", "deny"],
    summary: "let a hen reach a host no longer",
    arguments: [HEN, TARGET],
    options: [DRY_RUN],
    examples: ["coop hen deny local.coop/aria api.example.org", "coop hen deny local.coop/aria api.example.org:8443"],
    notes: "Without a port every port of the host is closed. What is connected is cut.",
    load: () => import("../commands/hen-deny.ts"),
  },
];
