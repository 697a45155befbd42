/** One setting of the daemon, as docs/configuration.md and `coopd --help` tell it. */
export interface SettingRow {
  /** As written on the command line. */
  readonly option?: string;
  readonly variables: readonly string[];
  /** Its line of `coopd config-show`. */
  readonly shown?: string;
  /** As shown with nothing set, or in words. */
  readonly default: string;
  readonly about: string;
}

/** Every setting that {@link readInvocation} reads, and no other: a test watches what it reads. */
export const SETTING_ROWS: readonly SettingRow[] = [
  {
    option: "--data-dir DIR",
    variables: ["COOP_DATA_DIR"],
    default: "`~/.coop`",
    about: "where everything is kept; 0700. Without a home `./.coop`; an empty value is an error",
  },
  {
    option: "--addr HOST:PORT",
    variables: [],
    default: "`127.0.0.1:9700`",
    about:
      "where `serve` listens; port 0 takes any free one. Beyond loopback only with a token: `COOP_API_TOKEN`, or one that an earlier start has made",
  },
  {
    option: "--log LEVEL",
    variables: ["COOP_LOG"],
    shown: "log",
    default: "info",
    about: "`debug`, `info`, `warn`, `error`, `off`; on stderr. Anything else means `info`",
  },
  {
    variables: ["COOP_LOG_FORMAT"],
    shown: "log_format",
    default: "text",
    about: "`json`: one object a line",
  },
  { variables: ["NO_COLOR"], default: "", about: "not empty: no colour" },
  {
    variables: ["COOP_API_TOKEN"],
    shown: "api_token",
    default: "(the farm's own)",
    about:
      "what every route but the probes asks for (`Authorization: Bearer`). The farm's own is made at the first start, in `<data dir>/token`, 0600; `coop` of the same user finds it. Beyond loopback at least 16 characters",
  },
  {
    variables: ["COOP_AUTH"],
    shown: "auth",
    default: "token",
    about: "`none`: no token, so every process of this machine may use the API; on loopback only",
  },
  {
    variables: ["COOP_LOGIN_MAX_ATTEMPTS"],
    shown: "login_max_attempts",
    default: "10",
    about: "wrong tokens of one peer a minute; beyond, 429",
  },
  {
    variables: ["COOP_PUBLIC"],
    shown: "public",
    default: "false",
    about: "exactly `1`: any `Host` is answered, for a daemon behind a reverse proxy. It needs a token",
  },
  {
    variables: ["COOP_ALLOWED_HOSTS"],
    shown: "allowed_hosts",
    default: "(loopback)",
    about:
      "names, with commas between and a port or none, that are taken as `Host` and `Origin` besides the loopback ones",
  },
  {
    variables: ["COOP_MAX_PROMPT_BYTES"],
    shown: "max_prompt_bytes",
    default: "262144",
    about: "UTF-8 bytes of a prompt; 0: no limit but the body's",
  },
  {
    variables: ["COOP_MEMORY_CONTEXT_ENTRIES"],
    shown: "memory_context_entries",
    default: "8",
    about: "past episodes that a job is shown; 0: none",
  },
  {
    variables: ["COOP_JOBS_AT_ONCE"],
    shown: "jobs_at_once",
    default: "4 × cores",
    about: "jobs that run at once on the whole farm",
  },
  {
    variables: ["COOP_RESUME"],
    shown: "resume",
    default: "continue",
    about:
      "`fail`: what was QUEUED or RUNNING when the daemon ended is FAILED at the next start, as in the original, instead of going on",
  },
  {
    variables: ["COOPD_IDLE_DEHYDRATE_SECS"],
    shown: "idle_dormant_secs",
    default: "600",
    about: "IDLE this long, s, and a hen becomes DORMANT; a job wakes it. 0: never",
  },
  {
    variables: ["COOP_DELEGATE_TIMEOUT_SECS"],
    shown: "delegate_timeout_secs",
    default: "180",
    about: "how long, s, a delegate request waits for the other hen; the job goes on",
  },
  {
    variables: ["COOP_TERMINAL_IDLE_SECS"],
    shown: "terminal_idle_secs",
    default: "3600",
    about: "a terminal without output and keys for this long, s, is ended; 0: never",
  },
  {
    variables: ["COOP_VAULT"],
    shown: "vault",
    default: "(none)",
    about:
      "the vault that hens' keys come from; without a passphrase it waits for `coop vault unlock`. None: the one that was opened last",
  },
  {
    variables: ["COOP_PASSPHRASE"],
    shown: "passphrase",
    default: "(none)",
    about: "opens it at the start; a failure only warns. Taken out of the environment once read",
  },
  {
    variables: ["COOP_ENV_SECRETS"],
    shown: "env_secrets",
    default: "(none)",
    about: "variables that manifests may name as `env:NAME`, with commas between",
  },
  {
    variables: ["COOP_SECRET_HOSTS"],
    shown: "secret_hosts",
    default: "(none)",
    about:
      "where keys from outside the vault may go besides their provider's own host: `REFERENCE=HOST[,HOST…]`, with blanks between",
  },
  {
    variables: ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"],
    shown: "azure",
    default: "(none)",
    about: "a service principal for `azure-kv://`",
  },
  { variables: ["AZURE_KEYVAULT_TOKEN"], default: "", about: "a token instead; it is never renewed" },
  {
    variables: ["AZURE_KEYVAULT_DNS_SUFFIX"],
    default: "`vault.azure.net`",
    about: "of a sovereign cloud: `vault.azure.cn`, `vault.usgovcloudapi.net`",
  },
  { variables: ["AZURE_AUTHORITY_HOST"], default: "the cloud's own", about: "where tokens come from" },
  {
    variables: ["COOP_SANDBOX"],
    shown: "sandbox",
    default: "on",
    about: '`0` or `false`: nothing that needs a process runs. It never means "without walls"',
  },
  {
    variables: ["COOP_UID_BASE"],
    shown: "uid_base",
    default: "(default)",
    about: "root only: first of the 65,536 user ids of hens; 200000 unless set",
  },
];
