import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readLocked } from "../pack/bun-program.ts";
import { pack } from "../pack/pack.ts";
import type { Target } from "../pack/targets.ts";
import { listPageInputs } from "../page/build-page.ts";
import { findPackedPackages } from "./bill/packed-packages.ts";
import { renderBill, renderThirdParty } from "./bill/render-bill.ts";

/** What every package of a release agrees on. */
export interface Release {
  readonly root: string;
  readonly version: string;
  /** Seconds; the time of every file, so that equal sources make equal bytes. */
  readonly epochSecs: number;
  /** Where packages go. */
  readonly folder: string;
}

/** The executable for one kind of machine, and what goes along with it. */
export interface Built {
  readonly target: Target;
  readonly executable: string;
  /** CycloneDX. */
  readonly bill: string;
  readonly thirdParty: string;
}

/**
 * @param version undefined: that of package.json
 * @throws Error when SOURCE_DATE_EPOCH is no whole number, or there is neither it nor git's last commit
 */
export function openRelease(root: string, folder: string, version?: string): Release {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };
  return { root, folder, version: version ?? own.version, epochSecs: readEpoch(root) };
}

/** Builds the executable into `dist/TARGET`. */
export async function build({ root, version, epochSecs }: Release, target: Target): Promise<Built> {
  const { coop, inputs } = await pack(root, join(root, "dist", target.name), target);
  const packages = findPackedPackages(root, [...inputs, ...(await listPageInputs(root))]);
  const bun = { name: target.runtime, ...readLocked(root, target.runtime) };
  return {
    target,
    executable: coop,
    bill: renderBill({ version, target: target.name, bun, packages, epochSecs }),
    thirdParty: renderThirdParty(bun, packages),
  };
}

function readEpoch(root: string): number {
  const given = process.env.SOURCE_DATE_EPOCH;
  const text = given ?? Bun.spawnSync(["git", "log", "-1", "--format=%ct"], { cwd: root }).stdout.toString().trim();
  if (!/^\d{1,12}$/.test(text)) {
    throw new Error(
      `the time of the release is not known: ${given === undefined ? "git says none" : `SOURCE_DATE_EPOCH is "${given}"`}`,
    );
  }
  return Number(text);
}
