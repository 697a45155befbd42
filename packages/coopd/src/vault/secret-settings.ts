import { CoopError, formatSecretRef, parseSecretRef } from "coopd-core";
import { type AzureConfig, parseBoundHosts, readAzureConfig, Secret } from "coopd-vault";

/** What the daemon was told about keys; the values are Secrets from the moment they are read. */
export interface SecretSettings {
  /** The vault that `COOP_VAULT` names. */
  readonly vaultPath: string | undefined;
  /** Opens it at the start; undefined: somebody unlocks it. */
  readonly passphrase: Secret | undefined;
  /** The variables that manifests may name (`env:NAME`), by name; undefined where one is listed and not set. */
  readonly envSecrets: ReadonlyMap<string, Secret | undefined>;
  /** Hosts that references outside the vault may be sent to, by the reference as it is written. */
  readonly boundHosts: ReadonlyMap<string, readonly string[]>;
  readonly azure: AzureConfig | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that hold a secret by themselves. */
const SECRET_VARIABLES: readonly string[] = [
  "COOP_PASSPHRASE",
  "COOP_API_TOKEN",
  "AZURE_KEYVAULT_TOKEN",
  "AZURE_CLIENT_SECRET",
];

/**
 * Reads `COOP_VAULT`, `COOP_PASSPHRASE`, `COOP_ENV_SECRETS`, `COOP_SECRET_HOSTS` and Azure's variables. An empty vault or
 * passphrase means none, as scripts of the original set them.
 * @throws CoopError `bad_request` naming the variable that cannot be used
 */
export function readSecretSettings(env: Environment): SecretSettings {
  const passphrase = env.COOP_PASSPHRASE || undefined;
  return {
    vaultPath: env.COOP_VAULT || undefined,
    passphrase: passphrase === undefined ? undefined : new Secret(passphrase),
    envSecrets: new Map(listEnvSecrets(env).map((name) => [name, toSecret(env[name])])),
    boundHosts: readBoundHosts(env.COOP_SECRET_HOSTS ?? ""),
    azure: readAzureConfig(env),
  };
}

/**
 * Takes what was a secret out of the process's environment, so that neither a child nor a report of a crash has it. What the
 * process was started with stays visible to its own user in /proc; a vault or a file is better (docs/limits.md).
 */
export function forgetSecretVariables(env: Record<string, string | undefined>): void {
  for (const name of [...SECRET_VARIABLES, ...listEnvSecrets(env)]) delete env[name];
}

function listEnvSecrets(env: Environment): readonly string[] {
  const names = (env.COOP_ENV_SECRETS ?? "").split(/[\s,]+/).filter((name) => name !== "");
  for (const name of names) {
    if (parseSecretRef(`env:${name}`).kind === "env") continue;
    throw new CoopError("bad_request", "COOP_ENV_SECRETS has a word in it that is no name of a variable", {
      next: "Give names with commas between, as in OPENAI_API_KEY,OPENROUTER_API_KEY; not the keys themselves.",
    });
  }
  return names;
}

function toSecret(value: string | undefined): Secret | undefined {
  const text = value?.trim() ?? "";
  return text === "" ? undefined : new Secret(text);
}

/** `REFERENCE=HOST[,HOST…]`, with blanks between. */
function readBoundHosts(text: string): SecretSettings["boundHosts"] {
  const bound = new Map<string, readonly string[]>();
  for (const part of text.split(/\s+/).filter((word) => word !== "")) {
    const at = part.lastIndexOf("=");
    const ref = parseSecretRef(part.slice(0, Math.max(at, 0)));
    if (ref.kind === "fault" || ref.kind === "none" || ref.kind === "vault" || at === part.length - 1) {
      throw new CoopError("bad_request", "COOP_SECRET_HOSTS has a part that is not REFERENCE=HOST[,HOST…]", {
        next: "As in env:OPENROUTER_API_KEY=openrouter.ai; a vault's secret is bound by coop vault bind.",
      });
    }
    const name = formatSecretRef(ref);
    bound.set(name, parseBoundHosts([...(bound.get(name) ?? []), ...part.slice(at + 1).split(",")]));
  }
  return bound;
}
