import type { Screen } from "./output/screen.ts";

/** What the process was started with; nothing else of `coop` reads the environment. */
export interface Environment {
  readonly api: string | undefined;
  readonly token: string | undefined;
  readonly log: string | undefined;
  /** The user's editor, a command line (POSIX: VISUAL, then EDITOR). */
  readonly editor: string | undefined;
  /** Data directories of daemons that this user may run, the likeliest first: where a token is looked for. */
  readonly dataDirs: readonly string[];
  /** A variable that only some commands read, as those with a secret; empty counts as not set. */
  readonly variable: (name: string) => string | undefined;
  readonly stdout: Screen;
  readonly stderr: Screen;
}

/** Where `npm start` keeps its farm, in the repository's root. */
const DEMO_DATA_DIR = ".coop-demo";
/** Where the Debian package keeps it; only the service's own user can look in. */
const SERVICE_DATA_DIR = "/var/lib/coop";

/** Reads variables, and what the two outputs are. An empty `NO_COLOR` does not count (no-color.org). */
export async function readEnvironment(): Promise<Environment> {
  const { COOP_API, COOP_API_TOKEN, COOP_DATA_DIR, COOP_LOG, EDITOR, HOME, NO_COLOR, TERM, VISUAL } = process.env;
  const mayColor = (NO_COLOR ?? "") === "" && TERM !== "dumb";
  const [stdout, stderr] = await Promise.all([
    readScreen("stdout", mayColor, TERM === "dumb"),
    readScreen("stderr", mayColor, TERM === "dumb"),
  ]);
  const homes = HOME === undefined || HOME === "" ? [".coop"] : [`${HOME}/.coop`];
  return {
    api: COOP_API || undefined,
    token: COOP_API_TOKEN || undefined,
    log: COOP_LOG || undefined,
    editor: VISUAL || EDITOR || undefined,
    dataDirs: COOP_DATA_DIR ? [COOP_DATA_DIR] : [...homes, DEMO_DATA_DIR, SERVICE_DATA_DIR],
    variable: (name) => process.env[name] || undefined,
    stdout,
    stderr,
  };
}

/** Every variable, for a daemon that this command starts. */
export function wholeEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/**
 * Sends requests to this machine past any proxy of the environment: Bun takes `HTTP_PROXY` for loopback addresses too, and
 * a proxy has no business with the token, nor a way to this daemon.
 */
export function bypassProxyFor(baseUrl: string): void {
  const { hostname } = new URL(baseUrl);
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)) return;
  const listed = process.env.NO_PROXY ?? process.env.no_proxy ?? "";
  const names = [listed, hostname, hostname.replace(/^\[|\]$/g, "")].filter((name) => name !== "");
  process.env.NO_PROXY = names.join(",");
  process.env.no_proxy = process.env.NO_PROXY;
}

const CHARACTER_DEVICE = 0o020_000;
const FILE_TYPE = 0o170_000;

/**
 * A pipe or a file is known by its type; only a character device, which may be /dev/null, is worth loading node:tty, which
 * takes 12 ms of the 25 that a command may take to start (architecture §8).
 */
async function readScreen(name: "stdout" | "stderr", mayColor: boolean, isDumb: boolean): Promise<Screen> {
  const { mode } = await Bun[name].stat();
  const isTerminal = (mode & FILE_TYPE) === CHARACTER_DEVICE && process[name].isTTY === true;
  return {
    isTerminal,
    hasColor: isTerminal && mayColor,
    canRedraw: isTerminal && !isDumb,
    columns: () => (isTerminal ? process[name].columns || 80 : Number.POSITIVE_INFINITY),
  };
}
