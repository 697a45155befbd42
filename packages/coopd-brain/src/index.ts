export { type BrainParts, createBrain } from "./create-brain.ts";
export { createOpenAiCompatBrain, type OpenAiCompatParts } from "./openai/openai-compat-brain.ts";
export type { BrainFetch } from "./openai/sealed-fetch.ts";
export { parseScript } from "./script/parse-script.ts";
export type { Script, ScriptEntry } from "./script/script.ts";
export { createScriptBrain, type ScriptBrainParts } from "./script/script-brain.ts";
export { SHIPPED_SCRIPT_NAMES } from "./script/shipped-scripts.ts";
export { wrapBrain } from "./wrap/wrap-brain.ts";
