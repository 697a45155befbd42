import { allowHost, decideEgress, isKnownPrivate, type NetworkSpec, PORT_DEFAULT, parseHostAndPort } from "coopd-core";
import { toTrouble } from "../../../data/act.ts";
import { confirm } from "../../../kit/confirm.tsx";
import { toSeenText } from "../../../kit/plain-text.tsx";
import { tell } from "../../../kit/toast.tsx";
import { changeNetwork } from "./change-network.ts";

/**
 * Lets a hen reach `HOST` or `HOST:PORT` from now on, as `coop hen allow` does. What is this machine or its network by its spelling,
 * or is said to be (`isPrivate`), is asked for by name first.
 */
export async function allowTarget(id: string, text: string, isPrivate: boolean): Promise<boolean> {
  try {
    const target = parseHostAndPort(text);
    const isNear = isPrivate || isKnownPrivate(target.host);
    const where = `${target.host}:${target.port ?? PORT_DEFAULT}`;
    if (isNear && !(await askPrivate(where))) return false;
    return await changeNetwork(
      id,
      (network) => allowHost(network, { ...target, isPrivate: isNear }),
      `${where} is let out from now on`,
    );
  } catch (error) {
    const { what, next } = toTrouble(error);
    tell({ kind: "trouble", text: what, next });
    return false;
  }
}

function askPrivate(where: string): Promise<boolean> {
  return confirm({
    title: `Open ${toSeenText(where)} to the hen?`,
    text: "That is this machine or its network: the hen would reach what listens there as any program of yours does. Exactly this host and port are opened, nothing else.",
    yes: "Open it",
    isDangerous: true,
  });
}

/** Whether the policy lets this out now, whatever it did when it was asked for. */
export function isLetOut(network: NetworkSpec | null, host: string, port: number): boolean {
  return decideEgress(network, { host, port: port === 0 ? PORT_DEFAULT : port }).verdict === "allowed";
}
