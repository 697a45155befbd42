export type { DelegateOutput, HandOn } from "./delegate/delegate-tool.ts";
export type { HttpToolParts } from "./http/http-tool.ts";
export type { ToolParts } from "./registry/tool-parts.ts";
export { createToolRegistry, type ToolRegistry } from "./registry/tool-registry.ts";
