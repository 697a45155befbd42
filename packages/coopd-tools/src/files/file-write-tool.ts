import { CoopError, type EffectClass, type Tool, type ToolContext } from "coopd-core";
import { writeBeneath } from "coopd-sandbox";
import { z } from "zod";
import { parseInput } from "../registry/parse-input.ts";
import type { ToolParts } from "../registry/tool-parts.ts";
import { openHenFolder } from "./hen-folder.ts";

/** More than any model writes in one answer (2 million tokens), and little enough to be in memory for every job at once. */
const CONTENT_BYTES_MAX = 8 * 1024 * 1024;

const Input = z.object({
  path: z.string().min(1, "must not be empty"),
  content: z.string(),
  append: z.boolean().default(false),
});

const SPEC = {
  name: "file_write",
  description:
    "Write a text file in your workdir, replacing it or, with append, adding to it. Missing directories are made. " +
    "Returns the bytes written and the file's path.",
  input_schema: {
    type: "object",
    properties: {
      path: { type: "string", description: "Path relative to your workdir." },
      content: { type: "string", description: "The text." },
      append: { type: "boolean", description: "Add to the end instead of replacing.", default: false },
    },
    required: ["path", "content"],
  },
} as const;

/** `file_write` v1.0.0 (contract/tools-sandbox.md §1); `path` in the output is the file's as the hen sees it. */
export function createFileWriteTool(parts: ToolParts): Tool {
  async function invoke(input: unknown, context: ToolContext) {
    const { path, content, append } = parseInput("file_write", Input, input);
    const bytes = Buffer.from(content, "utf8");
    if (bytes.length > CONTENT_BYTES_MAX) {
      throw new CoopError(
        "tool_input_invalid",
        `content has ${bytes.length} bytes; the limit is ${CONTENT_BYTES_MAX}`,
        {
          next: "Write it in parts, with append.",
        },
      );
    }
    const folder = await openHenFolder(parts, context);
    await parts.sandbox.requireRoom(folder, bytes.length);
    const written = writeBeneath(folder, { path, content: bytes, append });
    return { bytes_written: bytes.length, path: `${folder.home}/${written}` };
  }

  return { spec: SPEC, effectOf, invoke };
}

/** Writing a whole file twice leaves what writing it once does; appending twice does not. */
function effectOf(input: unknown): EffectClass {
  const parsed = Input.safeParse(input);
  if (!parsed.success) return "pure";
  return parsed.data.append ? "once" : "keyed";
}
