import { CoopError } from "coopd-core";
import type { CapturedOutput } from "../output/capture.ts";

/** One process to run for a hen. */
export interface ConfineSpec {
  /** Program and arguments, found on the PATH inside. */
  readonly argv: readonly string[];
  /** Added to the built environment; nothing of the daemon's is ever there. */
  readonly env?: Readonly<Record<string, string>>;
  /** Wall clock until everything of it is killed; 0 < timeoutMs ≤ 2^31 - 1. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Kept of each output stream, half from its head and half from its tail. */
  readonly outputBytesMax: number;
  /** What it reads; without it standard input is /dev/null. */
  readonly stdin?: Uint8Array;
}

export interface ConfinedExit {
  /** The command's; 128 + n where bwrap saw it end by signal n, as shells say it; -1 when the sandbox killed it. */
  readonly exitCode: number;
  /** The signal by which the sandbox ended it; null when it ended by itself. */
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
}

/** The kernel's MAX_ARG_STRLEN less its NUL: 32 pages for one argument (execve(2)). */
export const ARGUMENT_BYTES_MAX = 131_071;

/** All arguments and variables together; the kernel's own bound is a quarter of the stack, 2 MiB. */
const VECTOR_BYTES_MAX = 1024 * 1024;

/** setTimeout's bound; beyond it the timer would fire at once. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** @throws CoopError `sandbox_failed` naming what can't be handed to a process, `cancelled` when it already is. */
export function checkSpec(
  spec: Omit<ConfineSpec, "timeoutMs" | "outputBytesMax"> & { readonly timeoutMs?: number },
): void {
  if (spec.signal.aborted) throw new CoopError("cancelled", "cancelled before the process was started");
  if (spec.argv.length === 0 || spec.argv[0] === "")
    throw new CoopError("sandbox_failed", "there is no program to run");
  const words = [...spec.argv, ...Object.entries(spec.env ?? {}).map(([key, value]) => `${key}=${value}`)];
  if (words.some((word) => word.includes("\0"))) {
    throw new CoopError("sandbox_failed", "a NUL can't be part of an argument or a variable");
  }
  const badName = Object.keys(spec.env ?? {}).find((name) => !VARIABLE_NAME.test(name));
  if (badName !== undefined)
    throw new CoopError("sandbox_failed", `${JSON.stringify(badName)} is not a variable's name`);
  const sizes = words.map((word) => Buffer.byteLength(word, "utf8"));
  const longest = Math.max(...sizes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (longest > ARGUMENT_BYTES_MAX || total > VECTOR_BYTES_MAX) {
    throw new CoopError("sandbox_failed", `the command has ${total} bytes, its longest argument ${longest}`, {
      next: `Keep one argument under ${ARGUMENT_BYTES_MAX} bytes; put more into a file.`,
    });
  }
  if (spec.timeoutMs !== undefined && !(spec.timeoutMs > 0 && spec.timeoutMs <= TIMEOUT_MS_MAX)) {
    throw new CoopError("sandbox_failed", `${spec.timeoutMs} ms is not a time limit`);
  }
}
