import { CoopError, type Tool, type ToolContext } from "coopd-core";
import { ARGUMENT_BYTES_MAX } from "coopd-sandbox";
import { z } from "zod";
import { parseInput } from "../registry/parse-input.ts";
import type { ToolParts } from "../registry/tool-parts.ts";

const TIMEOUT_S_DEFAULT = 30;
const TIMEOUT_S_MAX = 600;

/**
 * Kept of each stream, half head and half tail: 64 KiB are about 16,000 tokens, which is more than a model should be
 * given in one answer, and both streams together fit a journal entry a hundred times over.
 */
const OUTPUT_BYTES_MAX = 64 * 1024;

const Input = z.object({
  command: z
    .string()
    .min(1, "must not be empty")
    .refine((text) => !text.includes("\0"), "must not have a NUL in it")
    .refine(
      (text) => Buffer.byteLength(text) <= ARGUMENT_BYTES_MAX,
      `must be at most ${ARGUMENT_BYTES_MAX} bytes; write a longer script with file_write and run that`,
    ),
  // 0 is accepted, and runs out at once; a number above the most is cut to it (contract/tools-sandbox.md §1).
  timeout_s: z.int().min(0).default(TIMEOUT_S_DEFAULT),
});

const SPEC = {
  name: "bash",
  description:
    "Run a command with bash in your workdir, inside your sandbox. Standard input is empty. Returns stdout, stderr and " +
    "the exit code; of long output the middle is left out. Everything the command started ends with it.",
  input_schema: {
    type: "object",
    properties: {
      command: { type: "string", description: "The command line." },
      timeout_s: {
        type: "integer",
        description: "Seconds until it is stopped.",
        default: TIMEOUT_S_DEFAULT,
        minimum: 1,
        maximum: TIMEOUT_S_MAX,
      },
    },
    required: ["command"],
  },
} as const;

/** `bash` v1.0.0: one command in the hen's sandbox (contract/tools-sandbox.md §1). */
export function createBashTool({ sandbox, penOf }: ToolParts): Tool {
  async function invoke(input: unknown, context: ToolContext) {
    const { command, timeout_s: asked } = parseInput("bash", Input, input);
    if (context.signal.aborted) throw new CoopError("cancelled", "cancelled before the command was started");
    const timeoutText = `timeout after ${asked}s`;
    if (asked === 0) return { stdout: "", stderr: timeoutText, exit_code: -1, timed_out: true };
    const exit = await sandbox.confine(await penOf(context), {
      argv: ["bash", "-c", command],
      timeoutMs: Math.min(asked, TIMEOUT_S_MAX) * 1000,
      signal: context.signal,
      outputBytesMax: OUTPUT_BYTES_MAX,
    });
    const said = exit.stderr.text;
    return {
      stdout: exit.stdout.text,
      stderr: exit.timedOut ? `${said}${said === "" || said.endsWith("\n") ? "" : "\n"}${timeoutText}` : said,
      exit_code: exit.exitCode,
      timed_out: exit.timedOut,
    };
  }

  return { spec: SPEC, effectOf: (input) => (Input.safeParse(input).success ? "once" : "pure"), invoke };
}
