/**
 * For proofs and benches outside this package: a daemon opened with {@link Seams}, and the calls that drive one.
 * No program imports it.
 */
export type { BrainShop } from "../brains/brain-shop.ts";
export { type Daemon, openDaemon, type Seams } from "../compose.ts";
export { type Config, readInvocation } from "../config.ts";
export { createLog } from "../log/log.ts";
export type { ToolShelf } from "../orchestrator/tool-caller.ts";
export { type DaemonProcess, startDaemonProcess } from "./daemon-process.ts";
export { openDriver, promptHen } from "./daemon-under-test.ts";
export type { ApiDocument } from "./from-document.ts";
export { type FuzzResult, type FuzzRun, runFuzz } from "./fuzz-run.ts";
export { modelHen, openTestModels, type TestModels } from "./model-server.ts";
