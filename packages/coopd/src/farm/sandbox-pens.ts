import type { Hen, HenId, Log, Manifest, NetworkSpec, Store } from "coopd-core";
import type { Sandbox } from "coopd-sandbox";
import type { HenProcesses } from "../terminals/hen-processes.ts";
import { createNetworkApplier } from "./apply-network.ts";
import { readHen } from "./read-hen.ts";

/** Pens of a sandbox, and what tools need of them besides. */
export type SandboxPens = ReturnType<typeof createPens>;

/** Pens: a hen's needs the uid that the store allotted to it, where the daemon is root. */
export function createPens(store: Store, sandbox: Sandbox, log: Log) {
  const openPen = async (henId: HenId, { sandbox: extra, resources, network }: Manifest) => {
    const range = sandbox.uidRange;
    const uid = range === undefined ? undefined : await store.allotUid(henId, range);
    return sandbox.openPen({ henId, uid, read: extra?.read ?? [], resources, network });
  };
  const setNetwork = (id: HenId, network: NetworkSpec | null) => sandbox.setNetwork(id, network);
  return {
    walls: sandbox.walls,
    networkOf: async (id: HenId) => (await readHen(store, id)).manifest.network,
    openPen,
    open: (hen: Hen) => openPen(hen.id, hen.manifest),
    letGo: (id: HenId) => sandbox.letGo(id),
    applyNetwork: createNetworkApplier({ store, log, setNetwork }),
    remove: (id: HenId) => sandbox.removePen(id),
  };
}

/** Processes of hens that no tool call starts. */
export function createHenProcesses(pens: SandboxPens, sandbox: Sandbox): HenProcesses {
  return {
    walls: sandbox.walls,
    openTerminal: async (hen, spec) => sandbox.openTerminal(await pens.open(hen), spec),
    confine: async (hen, spec) => sandbox.confine(await pens.open(hen), spec),
  };
}
