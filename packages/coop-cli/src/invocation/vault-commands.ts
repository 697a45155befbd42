import type { ArgumentSpec, CommandSpec, OptionSpec } from "./command-spec.ts";

const PATH: ArgumentSpec = { name: "PATH", about: "the vault's file, as ~/.coop/vault.json", isFile: true };
const NAME: ArgumentSpec = { name: "NAME", about: "what manifests call it: provider_id: vault:NAME" };
const PASSPHRASE: OptionSpec = {
  name: "passphrase-file",
  value: "FILE",
  about: "a file with it, - for standard input [or COOP_PASSPHRASE, else asked]",
};
const DOOR =
  "A daemon that has this very file open makes the change, and no passphrase is needed; else the file is written here.";

/** `coop init` and `coop vault …`: keys, sealed under a passphrase. */
export const VAULT_COMMANDS: readonly CommandSpec[] = [
  {
    path: ["init"],
    summary: "find keys and local models, and write vault and first manifest",
    arguments: [{ name: "FILE", about: "where the manifest goes [default agent.yaml]", isOptional: true }],
    options: [
      { name: "vault", value: "PATH", about: "where keys go; made where it is not there [default ~/.coop/vault.json]" },
      { name: "name", value: "HEN", about: "what the hen is called [default ada]" },
      {
        name: "use",
        value: "WHAT",
        choices: ["anthropic", "openai", "openrouter", "local", "script"],
        about: "anthropic, openai, openrouter, local or script [default the first found]",
      },
      PASSPHRASE,
    ],
    examples: ["coop init", "coop init local.yaml --use local"],
    notes:
      "Looks at ANTHROPIC_API_KEY, OPENAI_API_KEY and OPENROUTER_API_KEY, and asks Ollama, LM Studio, vLLM and llama.cpp on " +
      "this machine for their models. Nothing else is asked, and no file is overwritten.",
    load: () => import("../commands/init.ts"),
  },
  {
    path: ["vault", "init"],
    summary: "make a new, empty vault",
    arguments: [PATH],
    options: [PASSPHRASE],
    examples: ["coop vault init ~/.coop/vault.json"],
    notes: "Folders that are missing are made, for this user only. Nobody can open the vault without the passphrase.",
    load: () => import("../commands/vault-init.ts"),
  },
  {
    path: ["vault", "put"],
    summary: "add or replace a secret",
    arguments: [PATH, NAME],
    options: [
      {
        name: "hosts",
        value: "HOST,…",
        about: "where it may be sent besides its provider's own host [default as it is]",
      },
      PASSPHRASE,
    ],
    examples: [
      "coop vault put ~/.coop/vault.json byok-anthropic",
      "pass show openrouter | coop vault put ~/.coop/vault.json openrouter --hosts openrouter.ai",
    ],
    notes: `The value is asked for, or comes from standard input or COOP_SECRET_VALUE; never from the command line. ${DOOR}`,
    load: () => import("../commands/vault-put.ts"),
  },
  {
    path: ["vault", "list"],
    summary: "list the secrets by name, never by value",
    arguments: [PATH],
    options: [PASSPHRASE],
    examples: ["coop vault list ~/.coop/vault.json", "coop vault list ~/.coop/vault.json -o json"],
    load: () => import("../commands/vault-list.ts"),
  },
  {
    path: ["vault", "rm"],
    summary: "remove secrets",
    arguments: [PATH, { ...NAME, isMany: true }],
    options: [PASSPHRASE],
    examples: ["coop vault rm ~/.coop/vault.json old-key"],
    notes: DOOR,
    load: () => import("../commands/vault-rm.ts"),
  },
  {
    path: ["vault", "bind"],
    summary: "say where a secret may be sent",
    arguments: [
      PATH,
      NAME,
      { name: "HOST", about: "api.example.com, *.example.com, 127.0.0.1:11434; none for no other", isMany: true },
    ],
    options: [PASSPHRASE],
    examples: [
      "coop vault bind ~/.coop/vault.json openrouter openrouter.ai",
      "coop vault bind ~/.coop/vault.json openrouter none",
    ],
    notes: `These hosts, in place of those before; its provider's own host is always allowed. ${DOOR}`,
    load: () => import("../commands/vault-bind.ts"),
  },
  {
    path: ["vault", "rotate"],
    summary: "change the passphrase",
    arguments: [PATH],
    options: [
      PASSPHRASE,
      {
        name: "new-passphrase-file",
        value: "FILE",
        about: "a file with the new one [or COOP_NEW_PASSPHRASE, else asked]",
      },
    ],
    examples: ["coop vault rotate ~/.coop/vault.json"],
    notes: "Every secret stays. Copies and backups of the file keep the old passphrase.",
    load: () => import("../commands/vault-rotate.ts"),
  },
  {
    path: ["vault", "unlock"],
    summary: "let the daemon open a vault",
    arguments: [{ name: "PATH", about: "the vault's file, on the daemon's host" }],
    options: [PASSPHRASE],
    examples: ["coop vault unlock ~/.coop/vault.json", "coop vault unlock /srv/vault.json --passphrase-file -"],
    notes: "Hens that wait for a key go on. After five wrong passphrases within a minute the daemon waits.",
    load: () => import("../commands/vault-unlock.ts"),
  },
  {
    path: ["vault", "lock"],
    summary: "let the daemon forget its vault",
    arguments: [],
    options: [],
    examples: ["coop vault lock"],
    notes: "Jobs that need a key wait from their next model call on, with all that they did, until the unlock.",
    load: () => import("../commands/vault-lock.ts"),
  },
  {
    path: ["vault", "status"],
    summary: "show whether the daemon has a vault open",
    arguments: [],
    options: [],
    examples: ["coop vault status"],
    load: () => import("../commands/vault-status.ts"),
  },
];
