/** `coopd --help`. */
export const USAGE = `coopd, the daemon of Coop

Usage:
  coopd [--data-dir DIR] [--log LEVEL] serve [--addr HOST:PORT]
  coopd [--data-dir DIR] config-show
  coopd --help | --version

Commands:
  serve         run the farm in the foreground until SIGINT or SIGTERM
  config-show   print the effective settings, secrets masked

Options:
  --data-dir DIR     where everything is kept   [COOP_DATA_DIR, default ~/.coop]
  --log LEVEL        debug, info, warn, error or off   [COOP_LOG, default info]
  --addr HOST:PORT   where to listen   [default 127.0.0.1:9700; port 0: any free one]
  -h, --help         this text
  -V, --version      the version

Environment: COOP_API_TOKEN, COOP_AUTH=none, COOP_PUBLIC, COOP_ALLOWED_HOSTS, COOP_LOGIN_MAX_ATTEMPTS, COOP_SANDBOX, COOP_MAX_PROMPT_BYTES, COOP_MEMORY_CONTEXT_ENTRIES,
COOP_JOBS_AT_ONCE, COOP_DELEGATE_TIMEOUT_SECS, COOP_RESUME, COOP_TERMINAL_IDLE_SECS, COOPD_IDLE_DEHYDRATE_SECS, COOP_VAULT, COOP_PASSPHRASE,
COOP_ENV_SECRETS, COOP_SECRET_HOSTS, AZURE_…, COOP_UID_BASE, COOP_LOG_FORMAT=json, NO_COLOR: see docs/configuration.md.

Examples:
  coopd serve
  coopd --data-dir ./farm serve --addr 127.0.0.1:9800
  COOP_API_TOKEN=$(cat token) COOP_PUBLIC=1 coopd serve --addr 0.0.0.0:9700
`;
