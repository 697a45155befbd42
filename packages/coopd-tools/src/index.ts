export { createToolRegistry, type ToolParts, type ToolRegistry } from "./registry/tool-registry.ts";
