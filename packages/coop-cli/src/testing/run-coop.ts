import { join } from "node:path";

const MAIN = join(import.meta.dir, "..", "main.ts");
/** A command that hangs must not hang the test run. */
const RUN_MS_MAX = 20_000;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** The program as a user starts it, from source, with nothing of this process's environment but what is given. */
export function startCoop(args: readonly string[], options: RunOptions = {}) {
  return Bun.spawn(commandLine(args), {
    env: environment(options),
    stdin: options.stdin === undefined ? "ignore" : new TextEncoder().encode(options.stdin),
    stdout: "pipe",
    stderr: "pipe",
    timeout: RUN_MS_MAX,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

/** Runs it with pipes around it, as a script does. */
export async function runCoop(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = startCoop(args, options);
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return { stdout, stderr, exitCode: child.exitCode };
}

export interface TerminalOptions extends RunOptions {
  readonly columns?: number;
  /** Called with everything on the terminal so far, whenever there is more. */
  readonly onText?: (text: string, press: (keys: string) => void) => void;
  /** Called once when the program has been started. */
  readonly onStart?: (press: (keys: string) => void) => Promise<void>;
}

export interface TerminalResult {
  /** Everything that was written, escape sequences and all; stdout and stderr are one. */
  readonly raw: string;
  /** The same without the CLI's own colours and redrawn lines, line breaks as `\n`. */
  readonly text: string;
  readonly exitCode: number | null;
}

/** Runs it on a terminal of its own, as a person does. */
export async function runCoopInTerminal(
  args: readonly string[],
  options: TerminalOptions = {},
): Promise<TerminalResult> {
  let raw = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn(commandLine(args), {
    env: environment({ ...options, env: { TERM: "xterm-256color", ...options.env } }),
    timeout: RUN_MS_MAX,
    terminal: {
      cols: options.columns ?? 100,
      rows: 30,
      data(terminal, bytes) {
        raw += decoder.decode(bytes, { stream: true });
        options.onText?.(raw, (keys) => terminal.write(keys));
      },
    },
  });
  await options.onStart?.((keys) => child.terminal?.write(keys));
  await child.exited;
  child.terminal?.close();
  return { raw, text: withoutDrawing(raw), exitCode: child.exitCode };
}

function commandLine(args: readonly string[]): string[] {
  return [process.execPath, "--no-env-file", "--config=/dev/null", MAIN, ...args];
}

function environment(options: RunOptions): Record<string, string> {
  return { PATH: "/usr/local/bin:/usr/bin:/bin", TZ: "UTC", ...options.env };
}

function withoutDrawing(raw: string): string {
  return raw.replaceAll("\r\n", "\n").replace(REDRAWN, "").replace(WIPE, "").replace(COLOR, "");
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: what the CLI itself writes to draw
/** A line that was drawn and then drawn over. */
const REDRAWN = /\r\x1b\[2K[^\r\n]*(?=\r)/g;
const WIPE = /\r?\x1b\[2K/g;
const COLOR = /\x1b\[\d+m/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: what the CLI itself writes to draw
