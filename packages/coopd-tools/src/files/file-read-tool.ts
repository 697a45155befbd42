import type { Tool, ToolContext } from "coopd-core";
import { readBeneath } from "coopd-sandbox";
import { z } from "zod";
import { parseInput } from "../registry/parse-input.ts";
import type { ToolParts } from "../registry/tool-parts.ts";
import { openHenFolder } from "./hen-folder.ts";

const BYTES_DEFAULT = 1_048_576;

/** The original has no upper limit; a call may fill 16 MiB of the daemon, whatever the model asks for. */
const BYTES_MAX = 16 * 1024 * 1024;

const Input = z.object({
  path: z.string().min(1, "must not be empty"),
  max_bytes: z.int().min(0).default(BYTES_DEFAULT),
});

const SPEC = {
  name: "file_read",
  description:
    "Read a text file in your workdir. Returns its content, its whole size in bytes, and whether the content was cut.",
  input_schema: {
    type: "object",
    properties: {
      path: { type: "string", description: "Path relative to your workdir." },
      max_bytes: { type: "integer", description: "Most bytes to return.", default: BYTES_DEFAULT },
    },
    required: ["path"],
  },
} as const;

/** `file_read` v1.0.0: the beginning of a file in the hen's workdir (contract/tools-sandbox.md §1). */
export function createFileReadTool(parts: ToolParts): Tool {
  async function invoke(input: unknown, context: ToolContext) {
    const { path, max_bytes: asked } = parseInput("file_read", Input, input);
    const { start, bytes } = readBeneath(await openHenFolder(parts, context), path, Math.min(asked, BYTES_MAX));
    return {
      content: new TextDecoder("utf-8", { ignoreBOM: true }).decode(start),
      bytes,
      truncated: start.length < bytes,
    };
  }

  return { spec: SPEC, effectOf: () => "pure", invoke };
}
