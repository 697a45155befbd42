import { basename } from "node:path";

// The one executable is both programs; the name it is called by decides, links included. Each is loaded only when it is
// the one that is wanted, so that `coop health` does not pay for the daemon.
if (basename(process.argv0) === "coopd") await import("../../packages/coopd/src/main.ts");
else await import("../../packages/coop-cli/src/main.ts");
