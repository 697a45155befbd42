import { allowHost, parseHostAndPort } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { changeNetwork } from "../networks/change-network.ts";

/** `coop hen allow HEN HOST[:PORT]`: the smallest change that lets it out; a private host takes `--private`. */
export function run(context: CommandContext): Promise<undefined> {
  const [, text = ""] = context.args;
  const target = { ...parseHostAndPort(text), isPrivate: context.options.flag("private") };
  return changeNetwork(context, (network) => allowHost(network, target));
}
