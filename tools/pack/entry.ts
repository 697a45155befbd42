import { basename } from "node:path";
import { HAND_OFF_ARGUMENT } from "../../packages/coopd-sandbox/src/network/hand-off-argument.ts";

// The one executable is both programs; the name it is called by decides, links included. Each is loaded only when it is
// the one that is wanted, so that `coop health` does not pay for the daemon. The daemon also starts it for a moment inside
// a hen's network (packages/coopd-sandbox/src/network/hand-off.ts).
if (process.argv[2] === HAND_OFF_ARGUMENT) await import("../../packages/coopd-sandbox/src/network/hand-off-main.ts");
else if (basename(process.argv0) === "coopd") await import("../../packages/coopd/src/main.ts");
else await import("../../packages/coop-cli/src/main.ts");
