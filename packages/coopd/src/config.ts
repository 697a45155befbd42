import { cpus, homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CoopError } from "coopd-core";
import { isLogLevel, type LogLevel } from "./log/log.ts";
import { forgetSecretVariables, readSecretSettings, type SecretSettings } from "./vault/secret-settings.ts";

/** What the daemon was told, read once at start; nothing else in coopd reads the environment. */
export interface Config {
  readonly dataDir: string;
  readonly address: { readonly host: string; readonly port: number };
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  /** False with `NO_COLOR` set; a log that is no terminal has no colour either way. */
  readonly mayColor: boolean;
  /** Whether the API asks for a token; without one it listens on loopback only. */
  readonly auth: "token" | "none";
  /** The token that the farmer chose; undefined: the farm's own, `<data>/token`. */
  readonly apiToken: string | undefined;
  /** Any Host is answered, for a daemon behind a reverse proxy; it needs a token. */
  readonly isPublic: boolean;
  /** Names, with or without a port, that are taken as Host and Origin besides the loopback ones; lower case. */
  readonly allowedHosts: readonly string[];
  /** Wrong credentials of one peer a minute; beyond, what can be guessed opens nothing. */
  readonly loginAttemptsMax: number;
  /** UTF-8 bytes; 0 switches the cap off. */
  readonly promptBytesMax: number;
  /** How many past episodes a job is shown; 0 shows none. */
  readonly memoryContextEntries: number;
  /** With `COOP_SANDBOX=0` nothing that needs a process runs; it never means "run without walls". */
  readonly sandboxDisabled: boolean;
  readonly uidBase: number | undefined;
  /** Jobs that run at once on the whole farm. */
  readonly jobsAtOnceMax: number;
  /** What happens to RUNNING and QUEUED jobs at a restart: they go on, or fail as in the original. */
  readonly resume: "continue" | "fail";
  /** IDLE for this long and a hen becomes DORMANT, s; 0 switches it off. */
  readonly idleDormantSecs: number;
  /** How long a delegate request waits for the other hen, s; the job goes on. */
  readonly delegateTimeoutSecs: number;
  readonly secrets: SecretSettings;
  /** A terminal without output and keys for this long is ended, s; 0 never. */
  readonly terminalIdleSecs: number;
  readonly queueLimits: { readonly perHen: number; readonly perFarm: number };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line asks for. */
export type Invocation =
  | { readonly command: "serve" | "config-show"; readonly config: Config }
  | { readonly command: "help" | "version" };

/** Where the original listens, and so do we: loopback only. */
export const DEFAULT_ADDRESS = "127.0.0.1:9700";

/** Four jobs a core: a job mostly waits for its brain, and its tools are held by the hen's own limits. */
const JOBS_PER_CORE = 4;

const OPTIONS = {
  "data-dir": { type: "string" },
  log: { type: "string" },
  addr: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

/**
 * Reads the command line and the environment (contract/cli.md, coopd); a flag beats its variable.
 * @throws CoopError `bad_request` for an unknown command, flag or an unusable value, saying which.
 */
export function readInvocation(argv: readonly string[], env: Environment = process.env): Invocation {
  const parsed = parseCommandLine(argv);
  const { values, positionals } = parsed;
  if (values.help === true) return { command: "help" };
  if (values.version === true) return { command: "version" };
  const [command, ...rest] = positionals;
  if (rest.length > 0) throw usage(`unexpected argument "${rest[0]}"`);
  if (command !== "serve" && command !== "config-show") {
    throw usage(command === undefined ? "a command is missing" : `unknown command "${command}"`);
  }
  if (values["data-dir"] === "") throw usage("--data-dir is empty");
  const dataDir = values["data-dir"] ?? nonEmpty(env, "COOP_DATA_DIR") ?? defaultDataDir(env);
  const level = values.log ?? env.COOP_LOG ?? "info";
  return {
    command,
    config: {
      dataDir: resolve(dataDir),
      address: parseAddress(values.addr ?? DEFAULT_ADDRESS),
      logLevel: isLogLevel(level) ? level : "info", // a filter we don't know means info, as in the original
      logFormat: env.COOP_LOG_FORMAT === "json" ? "json" : "text",
      mayColor: (env.NO_COLOR ?? "") === "",
      auth: readAuth(env),
      apiToken: env.COOP_API_TOKEN?.trim() || undefined,
      isPublic: env.COOP_PUBLIC === "1",
      allowedHosts: readAllowedHosts(env),
      loginAttemptsMax: wholeNumber(env, "COOP_LOGIN_MAX_ATTEMPTS", 10, 1),
      promptBytesMax: wholeNumber(env, "COOP_MAX_PROMPT_BYTES", 262_144, 0),
      memoryContextEntries: wholeNumber(env, "COOP_MEMORY_CONTEXT_ENTRIES", 8, 0),
      sandboxDisabled: env.COOP_SANDBOX === "0" || env.COOP_SANDBOX === "false",
      uidBase: env.COOP_UID_BASE === undefined ? undefined : wholeNumber(env, "COOP_UID_BASE", 200_000, 1000),
      jobsAtOnceMax: wholeNumber(env, "COOP_JOBS_AT_ONCE", cpus().length * JOBS_PER_CORE, 1),
      resume: env.COOP_RESUME === "fail" ? "fail" : "continue",
      idleDormantSecs: wholeNumber(env, "COOPD_IDLE_DEHYDRATE_SECS", 600, 0),
      delegateTimeoutSecs: wholeNumber(env, "COOP_DELEGATE_TIMEOUT_SECS", 180, 1),
      secrets: readSecretSettings(env),
      terminalIdleSecs: wholeNumber(env, "COOP_TERMINAL_IDLE_SECS", 3_600, 0),
      queueLimits: { perHen: 1_000, perFarm: 200_000 },
    },
  };
}

/**
 * Bun's fetch sends even loopback requests through the proxy of HTTP_PROXY, and a model server on this machine is not
 * behind it. Names in NO_PROXY are the standard way to say so; what is listed already stays.
 */
export function bypassProxyForLoopback(env: Record<string, string | undefined> = process.env): void {
  const listed = env.NO_PROXY ?? env.no_proxy;
  const names = [...(listed === undefined || listed === "" ? [] : [listed]), "localhost", "127.0.0.1", "::1", "[::1]"];
  env.NO_PROXY = names.join(",");
  env.no_proxy = env.NO_PROXY;
}

/** Takes every secret out of the environment of this process; they are in the {@link Config} by now. */
export function forgetSecrets(env: Record<string, string | undefined> = process.env): void {
  forgetSecretVariables(env);
}

/** The effective settings, one `name = value` a line, secrets masked; `data_dir` first, as the original prints it. */
export function showConfig(config: Config): string {
  const rows: readonly (readonly [string, string | number | boolean])[] = [
    ["data_dir", config.dataDir],
    ["log", config.logLevel],
    ["log_format", config.logFormat],
    ["auth", config.auth],
    ["api_token", config.apiToken === undefined ? "(the farm's own)" : "[secret]"],
    ["public", config.isPublic],
    ["allowed_hosts", config.allowedHosts.join(",") || "(loopback)"],
    ["login_max_attempts", config.loginAttemptsMax],
    ["max_prompt_bytes", config.promptBytesMax],
    ["memory_context_entries", config.memoryContextEntries],
    ["sandbox", config.sandboxDisabled ? "disabled: nothing that needs a process runs" : "on"],
    ["uid_base", config.uidBase ?? "(default)"],
    ["jobs_at_once", config.jobsAtOnceMax],
    ["delegate_timeout_secs", config.delegateTimeoutSecs],
    ["terminal_idle_secs", config.terminalIdleSecs],
    ["resume", config.resume],
    ["idle_dormant_secs", config.idleDormantSecs],
    ["vault", config.secrets.vaultPath ?? "(none)"],
    ["passphrase", config.secrets.passphrase === undefined ? "(none)" : "[secret]"],
    ["env_secrets", [...config.secrets.envSecrets.keys()].join(",") || "(none)"],
    ["secret_hosts", [...config.secrets.boundHosts].map(([ref, hosts]) => `${ref}=${hosts}`).join(" ") || "(none)"],
    ["azure", config.secrets.azure?.identity.kind ?? "(none)"],
  ];
  return rows.map(([name, value]) => `${name} = ${value}\n`).join("");
}

/** `HOST:PORT`, an IPv6 host in brackets; port 0 lets the system choose. @throws CoopError `bad_request` */
export function parseAddress(text: string): Config["address"] {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port > 65_535) {
    throw usage(`--addr "${text}" is not HOST:PORT, as in ${DEFAULT_ADDRESS}`);
  }
  return { host: match[1], port };
}

/** True for a host that only this machine can reach. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** A misspelt value must not decide who may come in: it is refused. */
function readAuth(env: Environment): Config["auth"] {
  const text = env.COOP_AUTH?.trim() ?? "";
  if (text === "" || text === "token") return "token";
  if (text === "none") return "none";
  throw usage(`COOP_AUTH is "${text}"; it may be none, or token, which holds anyway`);
}

function readAllowedHosts(env: Environment): readonly string[] {
  const names = (env.COOP_ALLOWED_HOSTS ?? "").split(",").map((name) => name.trim().toLowerCase());
  return names.filter((name) => {
    if (name === "") return false;
    if (/^(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::\d{1,5})?$/.test(name)) return true;
    throw usage(
      `COOP_ALLOWED_HOSTS: "${name}" is no host name; give names with commas between, as in farm.lan,pi.local`,
    );
  });
}

function parseCommandLine(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function usage(message: string): CoopError {
  return new CoopError("bad_request", message, { next: "coopd --help shows what there is." });
}

function defaultDataDir(env: Environment): string {
  const home = env.HOME === undefined ? homedir() : env.HOME;
  return home === "" ? ".coop" : join(home, ".coop");
}

function nonEmpty(env: Environment, name: string): string | undefined {
  const value = env[name];
  if (value === "") throw usage(`${name} is set but empty`);
  return value;
}

/** Unusable values mean the default, as in the original: a typo in a unit file must not keep a farm from starting. */
function wholeNumber(env: Environment, name: string, fallback: number, min: number): number {
  const text = env[name]?.trim();
  if (text === undefined || !/^\d{1,15}$/.test(text)) return fallback;
  const value = Number(text);
  return value < min ? fallback : value;
}
