import { CoopError } from "coopd-core";
import { type Config, isLoopbackHost } from "../config.ts";
import { hasFarmToken } from "./farm-token.ts";

/**
 * Whether the daemon may open its door as it was told (control D1, weaknesses B1). Without a token it is for this machine
 * only; beyond it, the token must be one that somebody can know: given, or made by an earlier start.
 * @throws CoopError `bad_request`, before anything is bound
 */
export function assertFrontDoor(config: Config): void {
  const { host } = config.address;
  if (config.auth === "none") {
    if (config.apiToken !== undefined) throw refusal("COOP_AUTH=none and COOP_API_TOKEN contradict each other");
    if (config.isPublic) throw refusal("COOP_PUBLIC=1 needs a token, and COOP_AUTH=none switches it off");
    if (!isLoopbackHost(host))
      throw refusal(`refusing to listen on ${host} without a token: COOP_AUTH=none is for loopback`);
    return;
  }
  const isKnown = config.apiToken !== undefined || hasFarmToken(config.dataDir);
  if (isKnown || (isLoopbackHost(host) && !config.isPublic)) return;
  throw refusal(config.isPublic ? "COOP_PUBLIC=1 needs a token" : `refusing to listen on ${host} without a token`);
}

function refusal(message: string): CoopError {
  return new CoopError("bad_request", message, {
    next: "Set COOP_API_TOKEN to a long random text, or start once on 127.0.0.1, which makes a token.",
  });
}
