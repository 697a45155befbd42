import { denyHost, parseHostAndPort } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { changeNetwork } from "../networks/change-network.ts";

/** `coop hen deny HEN HOST[:PORT]`: takes away what lets it out, at one port or at all. */
export function run(context: CommandContext): Promise<undefined> {
  const [, text = ""] = context.args;
  const target = parseHostAndPort(text);
  return changeNetwork(context, (network) => denyHost(network, target));
}
