export type { DelegateOutput, HandOn } from "./delegate/delegate-tool.ts";
export { createToolRegistry, type ToolParts, type ToolRegistry } from "./registry/tool-registry.ts";
