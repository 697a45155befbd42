import { CoopError } from "coopd-core";
import { type Config, isLoopbackHost } from "../config.ts";
import { hasFarmToken } from "./farm-token.ts";

/**
 * Characters of a token that the network may try: wrong ones are throttled, but a botnet is patient. 16 of them drawn at random from
 * letters and digits are 95 bits; whoever writes words in their place has at least some words.
 */
const FAR_TOKEN_MIN = 16;

/**
 * Whether the daemon may open its door as it was told (control D1, weaknesses B1). Without a token it is for this machine
 * only; beyond it, the token must be one that somebody can know, given or made by an earlier start, and nobody can guess.
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
  if (isLoopbackHost(host) && !config.isPublic) return;
  const { apiToken } = config;
  if (apiToken !== undefined && apiToken.length < FAR_TOKEN_MIN) {
    throw refusal(
      `COOP_API_TOKEN has ${apiToken.length} characters; beyond this machine it takes ${FAR_TOKEN_MIN} or more`,
    );
  }
  if (apiToken !== undefined || hasFarmToken(config.dataDir)) return;
  throw refusal(config.isPublic ? "COOP_PUBLIC=1 needs a token" : `refusing to listen on ${host} without a token`);
}

function refusal(message: string): CoopError {
  return new CoopError("bad_request", message, {
    next: "Set COOP_API_TOKEN to a long random text (openssl rand -hex 32), or start once on 127.0.0.1, which makes a token.",
  });
}
