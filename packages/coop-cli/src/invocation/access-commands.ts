import type { CommandSpec } from "./command-spec.ts";

/** Who may come in, and what was done. */
export const ACCESS_COMMANDS: readonly CommandSpec[] = [
  {
    path: ["open"],
    summary: "open the farm's page in a browser, logged in",
    arguments: [],
    options: [{ name: "print", about: "only print the link; it works once, within ten minutes" }],
    examples: ["coop open", "coop open --print"],
    notes:
      "The link is a login: it has this command's scope, and opens nothing a second time. It is handed to the browser in a " +
      "file that only this user can read, never on a command line, and only for a daemon of this user on this machine.",
    load: () => import("../commands/open.ts"),
  },
  {
    path: ["token", "create"],
    summary: "make a token for somebody or some machine",
    arguments: [{ name: "NAME", about: "1 to 64 letters, digits, dots, dashes and underscores" }],
    options: [
      {
        name: "scope",
        value: "SCOPE",
        choices: ["read", "operate", "admin"],
        about: "read, operate or admin [default read]",
      },
      { name: "expires", value: "TIME", about: "until then: 12h, 30d, or 2026-12-31T00:00:00Z [default for ever]" },
    ],
    examples: ["coop token create dashboard", "coop -q token create ci --scope operate --expires 30d"],
    notes: "It is printed this once, and kept nowhere: the daemon keeps a digest. With -q nothing else is printed.",
    load: () => import("../commands/token-create.ts"),
  },
  {
    path: ["token", "list"],
    summary: "list tokens and logins, and when each was used last",
    arguments: [],
    options: [],
    examples: ["coop token list"],
    load: () => import("../commands/token-list.ts"),
  },
  {
    path: ["token", "revoke"],
    summary: "take tokens or logins back, at once",
    arguments: [{ name: "TOKEN", about: "a token's name, or an id as coop token list prints it", isMany: true }],
    options: [],
    examples: ["coop token revoke ci"],
    notes: "With a token go the logins that came from it, and whatever they hold open is closed.",
    load: () => import("../commands/token-revoke.ts"),
  },
  {
    path: ["audit"],
    summary: "show who did what",
    arguments: [],
    options: [{ name: "limit", value: "N", about: "the newest N, 1 to 1000 [default 50]" }],
    examples: ["coop audit", "coop audit --limit 1000 -o jsonl"],
    load: () => import("../commands/audit.ts"),
  },
  {
    path: ["audit", "verify"],
    summary: "check that nothing in the audit trail was changed",
    arguments: [],
    options: [{ name: "head", value: "HASH", about: "a hash that was noted earlier: it must be in the trail" }],
    examples: ["coop audit verify", "coop audit verify --head 3f9a0c"],
    notes:
      "Follows the chain of hashes from its beginning and prints its end. Note that elsewhere: whoever can write the " +
      "database can write a whole new chain, but not one with your hash in it. Exit code 1 when it is broken.",
    load: () => import("../commands/audit-verify.ts"),
  },
];
