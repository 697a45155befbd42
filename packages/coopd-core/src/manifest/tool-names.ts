/** The tools that a manifest may grant; a name that is not here is an error in `tools` and in `lease.allowed_tools`. */
export const TOOL_NAMES = ["bash", "file_read", "file_write", "http", "delegate"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];
