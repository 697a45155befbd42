import type { Tool, ToolSpec } from "coopd-core";
import { createBashTool } from "../bash/bash-tool.ts";
import { createDelegateTool } from "../delegate/delegate-tool.ts";
import { createFileReadTool } from "../files/file-read-tool.ts";
import { createFileWriteTool } from "../files/file-write-tool.ts";
import { createHttpTool } from "../http/http-tool.ts";
import type { ToolParts } from "./tool-parts.ts";

/** Every tool there is. Whether a hen may use one is `admit`'s to say, not the registry's. */
export interface ToolRegistry {
  get(name: string): Tool | undefined;
  names(): readonly string[];
  /** What a model is told, in the order asked for; names that are no tools are left out. */
  specs(names: readonly string[]): ToolSpec[];
}

/** The tools of this version over the walls they act behind. */
export function createToolRegistry(parts: ToolParts): ToolRegistry {
  const all = [
    createBashTool(parts),
    createFileReadTool(parts),
    createFileWriteTool(parts),
    createHttpTool(parts),
    createDelegateTool(parts.handOn),
  ];
  const tools = new Map(all.map((tool) => [tool.spec.name, tool]));
  return {
    get: (name) => tools.get(name),
    names: () => Array.from(tools.keys()),
    specs: (names) => names.flatMap((name) => tools.get(name)?.spec ?? []),
  };
}
