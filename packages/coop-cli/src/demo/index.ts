/** A farm in the foreground, for `npm start`, which runs it from source. */
export { ownDaemon } from "./daemon.ts";
export { type DemoParts, runDemo } from "./run-demo.ts";
