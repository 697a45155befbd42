import { createHash } from "node:crypto";
import type { ReadyHost } from "./host/inspect-host.ts";
import { openScratchFolder, type ScratchFolder } from "./host/scratch-folder.ts";
import { type Cgroups, openCgroups } from "./limits/cgroups.ts";
import { type BindMounts, openBindMounts } from "./pen/bind-mounts.ts";
import { type OutputPipes, openOutputPipes } from "./run/output-pipes.ts";

/** What a sandbox holds of the host, beside its processes. */
export interface Ground {
  readonly dataDir: string;
  readonly scratch: ScratchFolder;
  readonly pipes: OutputPipes;
  /** Undefined where the daemon is not root. */
  readonly mounts: BindMounts | undefined;
  readonly cgroups: Cgroups | { readonly missing: string };
}

/** Clears what an earlier daemon of this data directory left, and makes the farm's places anew. */
export async function openGround(dataDir: string, host: ReadyHost): Promise<Ground> {
  const scratch = openScratchFolder(dataDir);
  // The farm's own name on the host: two daemons never take each other's mounts and cgroups for their own.
  const farm = createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
  const cgroups = await openCgroups(farm);
  const mounts = host.uids === undefined ? undefined : openBindMounts(farm, host.programs);
  return { dataDir, scratch, pipes: openOutputPipes(`${scratch.path}/pipes`, host.programs.mkfifo), mounts, cgroups };
}
