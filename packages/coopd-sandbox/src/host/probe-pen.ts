import { totalmem } from "node:os";
import type { HenId } from "coopd-core";
import { resourceLimits } from "../limits/resource-limits.ts";
import type { BindMounts } from "../pen/bind-mounts.ts";
import { ensureWorkdir, type Pen } from "../pen/pen.ts";
import { removeTree } from "../pen/remove-tree.ts";
import type { ConfinedExit, ConfineSpec } from "../run/confine-spec.ts";

export interface ProbeParts {
  readonly run: (pen: Pen, spec: ConfineSpec) => Promise<ConfinedExit>;
  /** Where the probe's own workdir is made for a moment. */
  readonly folder: string;
  /** The probe's own uid where the daemon is root. */
  readonly uid: number | undefined;
  readonly mounts: BindMounts | undefined;
}

/** A launch takes 5 ms; a host that needs this long is not usable. */
const PROBE_MS_MAX = 10_000;

/** Runs a command with exactly the launch of every real run (weaknesses A13: the original tests less than it uses). */
export async function runProbe(henId: HenId, parts: ProbeParts, argv: readonly string[]): Promise<ConfinedExit> {
  const workdir = `${parts.folder}/probe`;
  try {
    ensureWorkdir(workdir, parts.uid);
    const isMounted = parts.mounts !== undefined && parts.uid !== undefined;
    const pen: Pen = {
      henId,
      name: "probe",
      uid: parts.uid,
      workdir,
      home: "/home/probe",
      bindSource: isMounted ? parts.mounts.placeOf(parts.uid) : workdir,
      read: [],
      limits: resourceLimits(null, totalmem()),
    };
    return await parts.run(pen, {
      argv,
      timeoutMs: PROBE_MS_MAX,
      signal: AbortSignal.timeout(PROBE_MS_MAX * 2),
      outputBytesMax: 64 * 1024,
    });
  } finally {
    if (parts.uid !== undefined) await parts.mounts?.unmount(parts.uid);
    await removeTree(workdir);
  }
}
