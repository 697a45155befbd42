export { ANTHROPIC_BASE_URL } from "./anthropic/messages-brain.ts";
export { type BrainParts, createBrain } from "./create-brain.ts";
export { OPENAI_BASE_URL } from "./openai/chat-brain.ts";
export { parseScript } from "./script/parse-script.ts";
export type { Script, ScriptEntry } from "./script/script.ts";
export { createScriptBrain, type ScriptBrainParts } from "./script/script-brain.ts";
export { SHIPPED_SCRIPT_NAMES } from "./script/shipped-scripts.ts";
export type { BrainFetch } from "./wire/sealed-fetch.ts";
export { wrapBrain } from "./wrap/wrap-brain.ts";
